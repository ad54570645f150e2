import { type ComponentType, memo, useDeferredValue } from 'react'
import type { CodeProps } from '../components/thread-context.js'
import { Code } from './code.js'
import { Guard } from './guard.js'
import { isReadable } from './limits.js'
import { Markdown } from './markdown.js'
import { settledPart } from './settled.js'

export type RichTextProps = {
  text: string
  /** More of it may come. */
  isStreaming?: boolean
  /** What shows blocks of code. Default: ours, with colours. */
  Code?: ComponentType<CodeProps>
  /** Heading of the footnotes. Default `Footnotes`. */
  footnotes?: string
}

/**
 * Markdown that somebody else wrote, of a thread or not. HTML in it is shown as text, also while it is incomplete; pictures
 * are links, and links lead to http, https and mailto only.
 */
export const RichText = memo(function RichText({
  text,
  isStreaming = false,
  Code: Block = Code,
  footnotes = 'Footnotes',
}: RichTextProps) {
  // Under load React skips some of the states that a stream goes through.
  const shown = useDeferredValue(text)
  const plain = <p data-parley-plain="">{shown}</p>
  if (!isReadable(shown)) return <div data-parley-text="">{plain}</div>

  const common = { Code: Block, footnotes }
  const [settled, rest] = isStreaming ? settledPart(shown) : [shown, '']
  return (
    <div data-parley-text="">
      <Guard text={shown} otherwise={plain}>
        <Markdown text={settled} isStreaming={false} {...common} />
        {rest && <Markdown text={rest} isStreaming {...common} />}
      </Guard>
    </div>
  )
})
