import { randomUUID } from 'node:crypto'
import { type IPty, spawn } from '@lydell/node-pty'
import type { Clock } from '@parley/kernel/ids'
import { terminalMarkName } from '../agent/environment.js'
import { processSession } from './end-session.js'
import { createInputQueue } from './input-queue.js'

export type PtyOptions = {
  /** Absolute. */
  file: string
  cwd: string
  env: Record<string, string>
  cols: number
  rows: number
  clock: Clock
  onData(text: string): void
  /** -1: a signal ended it. Comes after all output. */
  onExit(exitCode: number): void
}

/** A program in a terminal of its own. */
export interface Pty {
  /** False when too much waits to be read by the program. */
  write(data: string): boolean
  resize(cols: number, rows: number): void
  /** While paused the program waits when it writes more than the system holds (a few KiB). */
  pause(): void
  resume(): void
  /** Ends the program and all it started; resolves when they are gone. */
  end(): Promise<void>
}

/** Starts a program, without arguments, in a new terminal. Throws when the system has none left. */
export function openPty({ file, cwd, env, cols, rows, clock, onData, onExit }: PtyOptions): Pty {
  const mark = randomUUID()
  const marked = { ...env, [terminalMarkName]: mark }
  const pty = spawn(file, [], { name: 'xterm-256color', cwd, env: marked, cols, rows })
  // The cast: the descriptor is there on every Unix and left out of the types.
  const input = createInputQueue((pty as IPty & { fd: number }).fd, clock)
  const processes = processSession(pty.pid, mark, clock)
  let hasExited = false
  pty.onData(onData)
  pty.onExit(({ exitCode, signal }) => {
    hasExited = true
    processes.exited()
    input.close()
    onExit(signal ? -1 : exitCode)
  })
  return {
    write: input.push,
    resize: (width, height) => {
      if (!hasExited) pty.resize(width, height)
    },
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    end: () => {
      input.close()
      // WHY: what it still says is dropped, and whoever waits to say it must not block.
      pty.resume()
      return processes.end()
    },
  }
}
