import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { directoryHolder } from '@parley/kernel/directory-lock'
import { eventually } from '@parley/testkit'
import { root } from '../../architecture/checkout.js'

/** `parley up` in a process of its own, with a data directory of its own. */
export interface ServerProcess {
  /** The same over restarts. */
  readonly url: string
  /** The owner link that the latest start printed. */
  readonly ownerLink: string
  /** A further owner link, as `parley link` prints it. */
  newOwnerLink(): Promise<string>
  /** Ends the process and waits until it is gone. `SIGTERM` asks it to, `SIGKILL` does not ask. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Starts it again on the same port and data directory. */
  start(): Promise<void>
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

export interface ServerOptions {
  env?: Readonly<Record<string, string>>
}

const program = join(root, 'packages/server/dist/cli/main.js')
const console = join(root, 'apps/console/dist/index.html')

/** Starts a server on a free port and waits until it has printed where it is. */
export async function startServerProcess({ env = {} }: ServerOptions = {}): Promise<ServerProcess> {
  for (const built of [program, console]) {
    if (!existsSync(built)) throw new Error(`no ${built}: build first (npm run build)`)
  }
  const server = new OwnServer(await mkdtemp(join(tmpdir(), 'parley-browser-')), env)
  await server.start()
  return server
}

class OwnServer implements ServerProcess {
  url = ''
  ownerLink = ''
  readonly #dataDir: string
  readonly #env: Readonly<Record<string, string>>
  #child: ChildProcess | undefined
  #errors = ''

  constructor(dataDir: string, env: Readonly<Record<string, string>>) {
    this.#dataDir = dataDir
    this.#env = env
  }

  async start(): Promise<void> {
    const port = this.url ? new URL(this.url).port : '0'
    const env = {
      ...process.env,
      PARLEY_DATA_DIR: this.#dataDir,
      PORT: port,
      HOST: '127.0.0.1',
      ...this.#env,
    }
    const child = spawn(process.execPath, [program, 'up'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString('utf8')).slice(-20_000)
    })
    this.ownerLink = await this.#printedLink(child)
    this.url = new URL(this.ownerLink).origin
  }

  async newOwnerLink(): Promise<string> {
    const note = JSON.parse(await readFile(join(this.#dataDir, 'control.json'), 'utf8')) as { token: string }
    const headers = { authorization: `Bearer ${note.token}` }
    const response = await fetch(`${this.url}/parley/v1/owner-links`, { method: 'POST', headers })
    return ((await response.json()) as { url: string }).url
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL')
    await endHost(join(this.#dataDir, 'host'))
    await rm(this.#dataDir, { recursive: true, force: true })
  }

  #printedLink(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) =>
        reject(new Error(`the server ended with ${code} before it was ready: ${this.#errors}`)),
      )
      createInterface({ input: child.stdout! }).on('line', (line) => {
        const link = /Sign in \(works once\):\s+(\S+)/.exec(line)?.[1]
        if (link) resolve(link)
      })
    })
  }
}

/** Agents outlive their server, so that nobody else ends them. */
async function endHost(directory: string): Promise<void> {
  const pid = directoryHolder(directory)
  if (pid === undefined) return
  process.kill(pid, 'SIGTERM')
  await eventually(() => directoryHolder(directory) !== pid)
}
