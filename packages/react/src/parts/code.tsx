import { Fragment } from 'react'
import { useHighlighted } from '../code/use-highlighted.js'
import type { CodeProps } from '../components/thread-context.js'

/** A block of code. Its colours come late, and only for languages that are known and when it is complete. */
export function Code({ code, language, isStreaming = false }: CodeProps) {
  const lines = useHighlighted(isStreaming ? undefined : code, language)
  return (
    <pre data-parley-code="" data-parley-language={language}>
      <code>{lines ? lines.map(lineOf) : code}</code>
    </pre>
  )
}

type Line = NonNullable<ReturnType<typeof useHighlighted>>[number]

// Lines and tokens have no identity but their place, and never change: other code makes others.
function lineOf(line: Line, at: number) {
  return (
    <Fragment key={at}>
      {at > 0 && '\n'}
      {line.map(({ text, kind }, place) =>
        kind === undefined ? (
          text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <span key={place} data-parley-token={kind}>
            {text}
          </span>
        ),
      )}
    </Fragment>
  )
}
