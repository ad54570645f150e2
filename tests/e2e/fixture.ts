import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../architecture/checkout.js'

/** A conformance server in a process of its own. */
export interface Fixture {
  url: string
  /** The instance with a lifetime of 2 s and a heartbeat each second. */
  short: string
  /** False once the process has ended. */
  isAlive(): boolean
  /** What it wrote to its error output, at most the last 20,000 characters. */
  errors(): string
  stop(): Promise<void>
}

export interface FixtureOptions {
  db?: 'sqlite' | 'postgres'
  env?: Readonly<Record<string, string>>
}

const program = join(root, 'packages/server/dist/fixture/main.js')

/** Starts the handshake plane's conformance server on free ports and waits until it is ready. */
export async function startFixture({ db = 'sqlite', env = {} }: FixtureOptions = {}): Promise<Fixture> {
  if (!existsSync(program)) throw new Error(`no ${program}: build the server first (npm run build)`)
  const child = spawn(process.execPath, [program, 'handshake', '--port', '0', '--db', db], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-20_000)
  })
  const isAlive = () => child.exitCode === null && child.signalCode === null
  const { url, short } = await readyLine(child, () => errors)
  return { url, short, isAlive, errors: () => errors, stop: () => stop(child, isAlive) }
}

function readyLine(child: ChildProcess, errors: () => string): Promise<{ url: string; short: string }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      reject(new Error(`the fixture ended with ${code} before it was ready: ${errors()}`)),
    )
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const ready = parseReady(line)
      if (ready) resolve(ready)
    })
  })
}

function parseReady(line: string): { url: string; short: string } | undefined {
  if (!line.startsWith('{')) return undefined
  const { ready, url, short } = JSON.parse(line) as { ready?: unknown; url?: unknown; short?: unknown }
  return ready === true && typeof url === 'string' && typeof short === 'string' ? { url, short } : undefined
}

async function stop(child: ChildProcess, isAlive: () => boolean): Promise<void> {
  if (!isAlive()) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const kill = setTimeout(() => child.kill('SIGKILL'), 10_000)
  child.kill('SIGTERM')
  await ended
  clearTimeout(kill)
}
