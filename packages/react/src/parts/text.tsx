import { memo, useDeferredValue } from 'react'
import { type TextProps, useThreadSettings } from '../components/thread-context.js'
import { Guard } from './guard.js'
import { isReadable } from './limits.js'
import { Markdown } from './markdown.js'
import { settledPart } from './settled.js'

/** Markdown that somebody else wrote. HTML in it is shown as text, also while it is incomplete. */
export const Text = memo(function Text({ text, isStreaming = false }: TextProps) {
  const { labels, components } = useThreadSettings()
  // Under load React skips some of the states that a stream goes through.
  const shown = useDeferredValue(text)
  const plain = <p data-parley-plain="">{shown}</p>
  if (!isReadable(shown)) return <div data-parley-text="">{plain}</div>

  const common = { Code: components.Code, footnotes: labels.footnotes }
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
