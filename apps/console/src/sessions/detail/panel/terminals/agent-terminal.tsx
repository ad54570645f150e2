import type { TerminalSession } from '@parley/sessions/client'
import { useEffect, useState } from 'react'
import { growingOutput } from './growing-output.js'
import { XtermView } from './xterm-view.js'

/** A terminal of the agent: to be read. */
export function AgentTerminal({ terminal: { command, output } }: { terminal: TerminalSession }) {
  const [growing] = useState(growingOutput)
  useEffect(() => growing.set(output), [growing, output])
  return (
    <>
      <p className="hint truncate px-2 py-1 font-mono text-xs" title={command}>
        $ {command}
      </p>
      <XtermView line={growing.line} label={`Terminal of the agent: ${command}`} />
    </>
  )
}
