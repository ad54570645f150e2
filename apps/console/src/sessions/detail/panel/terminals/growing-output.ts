import type { TerminalLine } from './xterm-view.js'

/** Output that is known as a whole, which grows at its end and may be cut at its beginning. */
export type GrowingOutput = { line: TerminalLine; set(output: string): void }

/** Makes what is written of it piece by piece; one that was cut begins anew. */
export function growingOutput(): GrowingOutput {
  const listeners = new Set<(text: string) => void>()
  let known = ''
  return {
    line: {
      onOutput: (listener) => {
        listeners.add(listener)
        if (known !== '') listener(known)
        return () => listeners.delete(listener)
      },
    },
    set: (output) => {
      if (output === known) return
      const isMore = output.startsWith(known)
      // RIS, which clears the terminal, before everything is written again.
      const text = isMore ? output.slice(known.length) : `\u001bc${output}`
      known = output
      for (const listener of listeners) listener(text)
    },
  }
}
