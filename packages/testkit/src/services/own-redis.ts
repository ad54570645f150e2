import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.js'
import { giveTo, unprivilegedUser } from './own-user.js'
import { findOnPath } from './postgres-programs.js'
import { noService } from './reason.js'
import { type Supervised, supervise } from './supervise.js'

/** A private Redis server that keeps nothing on disk, for tests that break it. */
export type OwnRedis = {
  readonly url: string
  stop(): Promise<void>
  /** Kills it on the spot. `restart` brings an empty one back on the same port. */
  kill(): Promise<void>
  restart(): Promise<void>
}

/** Starts `redis-server` from PATH; undefined, with a line on stderr, where none can be had. */
export async function ownRedis(): Promise<OwnRedis | undefined> {
  const program = await findOnPath('redis-server')
  if (!program) return noService('Redis', 'there is no redis-server on PATH')
  const folder = await mkdtemp(join(tmpdir(), 'parley-redis-'))
  const runAs = (await unprivilegedUser()) ?? {}
  await giveTo(runAs, folder)
  const port = await freePort()
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ]
  const url = `redis://127.0.0.1:${port}`
  const start = async () => {
    const server = await supervise(program, args, { folder, runAs })
    await answers(server, url)
    return server
  }
  let server = await start()
  return {
    url,
    async stop() {
      await server.stop('TERM')
      await rm(folder, { recursive: true, force: true })
    },
    kill: () => server.stop('KILL'),
    async restart() {
      await server.stop('TERM')
      server = await start()
    },
  }
}

/** True when a Redis server answers there. */
export function pings(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port || 6379), hostname, () => socket.write('PING\r\n'))
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    // OUTSIDE: a server with a password answers `-NOAUTH`; it is there all the same.
    socket.once('data', (data) => done(/^(\+PONG|-NOAUTH)/.test(String(data))))
    socket.once('error', () => done(false))
    socket.setTimeout(2_000, () => done(false))
  })
}

async function answers(server: Supervised, url: string): Promise<void> {
  while (!(await pings(url))) {
    if (!server.isRunning) throw new Error('The private Redis server ended at once.')
    await sleep(25)
  }
}
