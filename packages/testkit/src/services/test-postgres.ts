import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import pg from 'pg'
import { ownPostgres } from './own-postgres.js'
import { noService } from './reason.js'

/** One empty database with a name of its own. */
export type TestDatabase = {
  url: string
  /** Removes it, open connections included. Harmless when it is gone. */
  drop(): Promise<void>
}

export type TestPostgres = {
  /** The maintenance database of the server. */
  url: string
  newDatabase(): Promise<TestDatabase>
  /** Ends the server when it was started for this caller. */
  close(): Promise<void>
}

/**
 * A server for tests: `PARLEY_TEST_POSTGRES_URL` or `DATABASE_URL`, else the one on 127.0.0.1:5432, else a
 * private one. Undefined, with a line on stderr, where none can be had.
 */
export async function testPostgres(): Promise<TestPostgres | undefined> {
  const named = process.env.PARLEY_TEST_POSTGRES_URL || process.env.DATABASE_URL
  if (named) {
    const reason = await whyUnusable(named)
    return reason ? noService('Postgres', reason) : at(named)
  }
  for (const user of new Set(['postgres', userInfo().username])) {
    const url = `postgres://${encodeURIComponent(user)}@127.0.0.1:5432/postgres`
    if (!(await whyUnusable(url))) return at(url)
  }
  const own = await ownPostgres({ settings: { max_connections: 200 } })
  return own && at(own.url, () => own.stop())
}

function at(url: string, close = async () => {}): TestPostgres {
  return { url, newDatabase: () => newDatabase(url), close }
}

async function newDatabase(server: string): Promise<TestDatabase> {
  const name = `parley_test_${process.pid}_${randomBytes(6).toString('hex')}`
  await run(server, `create database ${name} template template0`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(server, `drop database if exists ${name} with (force)`) }
}

async function whyUnusable(url: string): Promise<string | undefined> {
  try {
    const [row] = await rows(
      url,
      'select rolsuper or rolcreatedb as ok from pg_roles where rolname = current_user',
    )
    return row?.ok === true ? undefined : 'its user may not create databases'
  } catch (error) {
    return `it does not answer (${String(error)})`
  }
}

async function run(url: string, text: string): Promise<void> {
  await rows(url, text)
}

async function rows(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end().catch(() => {})
  }
}
