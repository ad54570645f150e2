import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../architecture/checkout.js'

/** A conformance server in a process of its own. */
export interface FixtureProcess {
  /** False once the process has ended. */
  isAlive(): boolean
  /** What it wrote to its error output, at most the last 20,000 characters. */
  errors(): string
  stop(): Promise<void>
}

/** The handshake plane's: `short` has a lifetime of 2 s and a heartbeat each second. */
export type HandshakeFixture = FixtureProcess & { url: string; short: string }

/** The threads plane's: `ns` has namespace keys. */
export type ThreadsFixture = FixtureProcess & { url: string; ns: string }

/** The sessions plane's; `url` ends in `/api`. Nobody needs a credential on loopback. */
export type SessionsFixture = FixtureProcess & { url: string }

export interface FixtureOptions {
  db?: 'sqlite' | 'postgres'
  env?: Readonly<Record<string, string>>
}

const program = join(root, 'packages/server/dist/fixture/main.js')

/** Starts the handshake plane's conformance server on free ports and waits until it is ready. */
export const startHandshakeFixture = (options?: FixtureOptions): Promise<HandshakeFixture> =>
  start('handshake', ['url', 'short'], options)

/** Starts the threads plane's conformance server on free ports and waits until it is ready. */
export const startThreadsFixture = (options?: FixtureOptions): Promise<ThreadsFixture> =>
  start('threads', ['url', 'ns'], options)

/** Starts the sessions plane's conformance server on a free port and waits until it is ready. */
export const startSessionsFixture = (options?: FixtureOptions): Promise<SessionsFixture> =>
  start('sessions', ['url'], options)

async function start<Name extends string>(
  plane: string,
  names: readonly Name[],
  { db = 'sqlite', env = {} }: FixtureOptions = {},
): Promise<FixtureProcess & Record<Name, string>> {
  if (!existsSync(program)) throw new Error(`no ${program}: build the server first (npm run build)`)
  const child = spawn(process.execPath, [program, plane, '--port', '0', '--db', db], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-20_000)
  })
  const isAlive = () => child.exitCode === null && child.signalCode === null
  const urls = await readyLine(child, names, () => errors)
  return { ...urls, isAlive, errors: () => errors, stop: () => stop(child, isAlive) }
}

function readyLine<Name extends string>(
  child: ChildProcess,
  names: readonly Name[],
  errors: () => string,
): Promise<Record<Name, string>> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`the fixture ended with ${code} before it was ready: ${errors()}`)),
    )
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const ready = parseReady(line, names)
      if (ready) resolve(ready)
    })
  })
}

function parseReady<Name extends string>(
  line: string,
  names: readonly Name[],
): Record<Name, string> | undefined {
  if (!line.startsWith('{')) return undefined
  const printed = JSON.parse(line) as Record<string, unknown>
  const isReady = printed.ready === true && names.every((name) => typeof printed[name] === 'string')
  // The cast: every name has just been found to be a text.
  return isReady ? (printed as Record<Name, string>) : undefined
}

async function stop(child: ChildProcess, isAlive: () => boolean): Promise<void> {
  if (!isAlive()) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const kill = setTimeout(() => child.kill('SIGKILL'), 10_000)
  child.kill('SIGTERM')
  await ended
  clearTimeout(kill)
}
