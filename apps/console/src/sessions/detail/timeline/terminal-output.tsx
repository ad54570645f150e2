import type { TerminalSession } from '@parley/sessions/client'
import { useMemo } from 'react'
import { lastLines, plainOutput } from '../../model/plain-output.js'

const shownLines = 24
/** Characters of the end that are looked at. */
const longest = 20_000

/** The end of what a command wrote, without its colours: all of it is among the terminals. */
export function TerminalOutput({ terminal: { command, output, exitCode } }: { terminal: TerminalSession }) {
  const { text, left } = useMemo(() => lastLines(plainOutput(output.slice(-longest)), shownLines), [output])
  return (
    <figure className="tool-terminal">
      <figcaption>
        <span className="min-w-0 truncate">$ {command}</span>
        {exitCode !== null && (
          <span className={exitCode === 0 ? 'text-soft' : 'text-danger'}>exit {exitCode}</span>
        )}
      </figcaption>
      {text !== '' && (
        <pre>
          {(left > 0 || output.length > longest) && <span className="text-soft">…{'\n'}</span>}
          {text}
        </pre>
      )}
    </figure>
  )
}
