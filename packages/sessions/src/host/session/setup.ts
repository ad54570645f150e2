import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import type { Clock } from '@parley/kernel/ids'
import { markName } from '../agent/environment.js'
import { endTree, OutputTail } from '../agent/index.js'
import { HostError } from '../errors.js'

const keptOutputChars = 4_000

export type Setup = {
  script: string
  cwd: string
  env: Readonly<Record<string, string>>
  mark: string
  limitMs: number
  graceMs: number
  clock: Clock
  /** Ends it early. */
  signal: AbortSignal
}

/**
 * Runs a shell script in the workspace before the agent. Refuses with 500 and its output when it fails or takes too long;
 * whatever it started is ended then.
 */
export async function runSetup(setup: Setup): Promise<void> {
  const { script, cwd, env, mark, clock, limitMs, graceMs, signal } = setup
  const isDirectory = await stat(cwd).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
  if (!isDirectory) throw new HostError(400, `Workspace is not a directory: ${cwd}`)
  const options = { cwd, env: { ...env, [markName]: mark }, detached: true } as const
  const child = spawn('sh', ['-c', script], { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = new OutputTail(keptOutputChars)
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => output.add(text))
  const exited = once(child, 'close').then(([code, killedBy]) => `failed with ${code ?? killedBy}`)
  const stopTimer = new AbortController()
  const ended = await Promise.race([
    exited,
    clock.sleep(limitMs, stopTimer.signal).then(
      () => `took longer than ${limitMs / 1000} s`,
      () => '',
    ),
    aborted(signal),
  ]).finally(() => stopTimer.abort())
  if (ended === 'failed with 0') return
  await endTree({ ...(child.pid && { group: child.pid }), mark }, { clock, graceMs })
  throw new HostError(500, `Setup ${ended}\n\nStartup output:\n${output.text}`)
}

function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const stop = () => resolve('was stopped')
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
}
