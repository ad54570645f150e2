// The baseline: a bare PTY, read as it comes.
import { spawn } from '@lydell/node-pty'

export const role = {
  /** Runs a program. `bytes`: of its output. */
  async terminal({ program }: { program: string }) {
    let bytes = 0
    const began = performance.now()
    const pty = spawn(program, [], { cols: 120, rows: 30 })
    pty.onData((text) => {
      bytes += text.length
    })
    await new Promise<void>((resolve) => pty.onExit(() => resolve()))
    return { bytes, seconds: (performance.now() - began) / 1000 }
  },
}
