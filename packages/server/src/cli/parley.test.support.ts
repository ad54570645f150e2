// The command as a process of its own, as people run it: the build, not the sources.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export type Ended = { code: number | null; stdout: string; stderr: string }
export type Environment = Record<string, string>

/** A data directory of one test, as the environment of the command. */
export async function newPlace(): Promise<Environment> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-cli-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return { PARLEY_DATA_DIR: join(directory, 'data'), PORT: '0', PARLEY_LOG_LEVEL: 'error' }
}

/** Starts the command; with `stdin` its input is a pipe that stays open, as that of a script may. */
export function start(
  args: readonly string[],
  environment: Environment,
  { stdin = 'ignore', cwd }: { stdin?: 'ignore' | 'pipe'; cwd?: string } = {},
): { child: ChildProcess; output: Ended } {
  if (!existsSync(program)) throw new Error(`no ${program}: build the server first (npm run build)`)
  // Settings of whoever runs the tests stay out.
  const env = { PATH: process.env.PATH, HOME: tmpdir(), ...environment }
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: [stdin, 'pipe', 'pipe'] })
  const output: Ended = { code: null, stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk
    })
  }
  return { child, output }
}

/** Runs the command to its end. */
export async function parley(environment: Environment, ...args: string[]): Promise<Ended> {
  const { child, output } = start(args, environment)
  const [code] = await once(child, 'close')
  return { ...output, code }
}

/** Runs `parley up` until the test ends; `ended` is its exit code. */
export async function parleyUp(environment: Environment, ...args: string[]) {
  const { child, output } = start(['up', ...args], environment)
  const ended = once(child, 'close').then(([code]) => code as number | null)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const running = await eventually(() => {
    if (child.exitCode !== null) return { text: '' }
    return /Stop: +Ctrl\+C/.test(output.stdout) && { text: output.stdout }
  })
  const url = /Parley is running\.\s+(\S+)/.exec(running.text)?.[1]
  if (!url) throw new Error(`the server did not start: ${output.stderr}`)
  const kill = (signal: 'SIGKILL') => child.kill(signal)
  return { url, text: running.text, ended, output, kill }
}
