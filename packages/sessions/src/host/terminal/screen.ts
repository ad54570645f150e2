import { SerializeAddon } from '@xterm/addon-serialize'
import headless from '@xterm/headless'
import type { Kept } from './ring.js'
import { whatStaysSeen } from './still-seen.js'

const scrollback = 100
const maxChars = 128 * 1024
const reset = '\u001bc'

/** What a terminal showed when the output that is not kept any more ended. */
export type Screen = {
  /** Goes on from what was fed before; resolves with text that brings a terminal of any state to what is shown now. */
  feed(output: readonly Kept[]): Promise<string>
  close(): void
}

export function createScreen(cols: number, rows: number): Screen {
  const terminal = new headless.Terminal({ cols, rows, scrollback, allowProposedApi: true })
  const addon = new SerializeAddon()
  // The cast: the add-on is typed for the terminal of browsers, which has the same buffers.
  terminal.loadAddon(addon as unknown as Parameters<typeof terminal.loadAddon>[0])
  const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve))
  return {
    feed: async (output) => {
      for (const run of runs(output)) {
        if (run.cols !== terminal.cols || run.rows !== terminal.rows) terminal.resize(run.cols, run.rows)
        await write(whatStaysSeen(run.text, run.rows + scrollback))
      }
      return reset + shown(terminal, addon)
    },
    close: () => terminal.dispose(),
  }
}

type Run = { text: string; cols: number; rows: number }

/** Neighbours of the same size as one text. */
function runs(output: readonly Kept[]): Run[] {
  const found: Run[] = []
  for (const { text, cols, rows } of output) {
    const last = found.at(-1)
    if (last && last.cols === cols && last.rows === rows) last.text += text
    else found.push({ text, cols, rows })
  }
  return found
}

function shown(terminal: InstanceType<typeof headless.Terminal>, addon: SerializeAddon): string {
  const whole = addon.serialize({ scrollback })
  if (whole.length <= maxChars) return whole
  const screen = addon.serialize({ scrollback: 0 })
  return screen.length <= maxChars ? screen : plainScreen(terminal)
}

/** For a huge screen full of colours: its text alone. */
function plainScreen({ buffer, rows }: InstanceType<typeof headless.Terminal>): string {
  const { active } = buffer
  const lines = Array.from({ length: rows }, (_, row) =>
    active.getLine(active.baseY + row)?.translateToString(true),
  )
  return lines.join('\r\n').slice(-maxChars)
}
