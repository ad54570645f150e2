import type { LiveTerminals, TerminalSession } from '@parley/sessions/client'
import { useMemo, useRef, useState } from 'react'
import { KeyRow } from './key-row.js'
import { type TerminalLine, XtermView } from './xterm-view.js'

type OwnTerminalProps = { terminal: TerminalSession; terminals: LiveTerminals; isConnected: boolean }

/** A terminal to be typed in, with the keys that phones do not have. */
export function OwnTerminal({ terminal, terminals, isConnected }: OwnTerminalProps) {
  const { terminalId, command, exitCode } = terminal
  const focus = useRef<(() => void) | undefined>(undefined)
  const [isControl, setIsControl] = useState(false)
  // Read when a key is pressed.
  const control = useRef(false)
  const arm = (value: boolean) => {
    control.current = value
    setIsControl(value)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: `arm` does nothing but set what is the same for ever
  const line = useMemo((): TerminalLine => {
    return {
      onOutput: (listener) => terminals.onOutput(terminalId, listener),
      resize: (cols, rows) => terminals.resize(terminalId, cols, rows),
      input: (data) => {
        terminals.input(terminalId, control.current ? controlled(data) : data)
        if (control.current) arm(false)
      },
    }
  }, [terminals, terminalId])
  return (
    <>
      <XtermView line={line} label={`Terminal: ${command}`} focus={focus} />
      {exitCode !== null && (
        <p className="hint px-2 py-1" role="status">
          It ended with exit code {exitCode}.
        </p>
      )}
      {!isConnected && (
        <p className="hint px-2 py-1" role="status">
          Reconnecting… What you type now is lost.
        </p>
      )}
      <KeyRow
        isControl={isControl}
        onControl={() => arm(!control.current)}
        press={(data) => {
          terminals.input(terminalId, data)
          focus.current?.()
        }}
      />
    </>
  )
}

/** A letter as it is with the control key. */
function controlled(data: string): string {
  return /^[a-z@[\\\]^_]$/i.test(data) ? String.fromCharCode(data.toUpperCase().charCodeAt(0) & 31) : data
}
