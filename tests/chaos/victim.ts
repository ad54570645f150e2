import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A process that is there to be killed. */
export type Victim = {
  readonly pid: number
  /** Every whole line it prints from here on, to its end. */
  lines(): AsyncIterable<string>
  /** Ends it with SIGKILL and waits until it is gone. */
  kill(): Promise<void>
  /** Sends it a signal. */
  signal(name: 'SIGTERM' | 'SIGINT'): void
  /** How it ended: its exit code, or the signal. */
  readonly ended: Promise<number | string>
  /** What it wrote to stderr so far. */
  complaints(): string
}

/** Starts a Node program; it dies with this process's test at the latest when `kill` is called. */
export function startVictim(args: readonly string[], env: Record<string, string> = {}): Victim {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const exit = once(child, 'exit')
  const closed = once(child, 'close')
  const complaints = textOf(child)
  return {
    pid: child.pid!,
    lines: () => createInterface({ input: child.stdout! }),
    complaints,
    signal: (name) => void child.kill(name),
    ended: exit.then(([code, signal]) => (code ?? signal) as number | string),
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exit
      child.stderr!.resume()
      if (!child.stdout!.readableFlowing) child.stdout!.resume()
      await closed
    },
  }
}

function textOf(child: ChildProcess): () => string {
  let text = ''
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-10_000)
  })
  return () => text
}
