import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type OwnPostgres, ownPostgres, ownRedis, testPostgres } from './index.js'
import { pings } from './own-redis.js'

const postgres = await testPostgres()
const isUnix = process.platform !== 'win32'

async function ask(url: string, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query({ text, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

describe.skipIf(!postgres)('a test database', () => {
  test('is empty, has a name of its own and is gone after drop, open connections included', async () => {
    const [a, b] = await Promise.all([postgres!.newDatabase(), postgres!.newDatabase()])
    const open = new pg.Client({ connectionString: a.url })
    open.on('error', () => {})
    await open.connect()

    expect(a.url).not.toBe(b.url)
    expect(await ask(a.url, `select count(*)::int from pg_tables where schemaname = 'public'`)).toBe(0)
    await Promise.all([a.drop(), b.drop()])
    await expect(ask(a.url, 'select 1')).rejects.toThrow(/does not exist/)
  })
})

describe.skipIf(!isUnix)('a private Postgres', () => {
  test('takes settings, keeps what was committed over a kill, and ends on stop', async () => {
    const server = (await ownPostgres({ settings: { max_connections: 17 } })) as OwnPostgres
    onTestFinished(() => server.stop())
    await ask(server.url, 'create table t (n int)')
    await ask(server.url, 'insert into t values (42)')

    await server.kill()
    await expect(ask(server.url, 'select 1')).rejects.toThrow()
    await server.restart()

    expect(await ask(server.url, 'select n from t')).toBe(42)
    expect(await ask(server.url, 'show max_connections')).toBe('17')
    await server.stop()
    await expect(ask(server.url, 'select 1')).rejects.toThrow()
  })
})

const redis = await ownRedis()
describe.skipIf(!redis)('a private Redis', () => {
  test('answers, comes back after a kill and ends on stop', async () => {
    onTestFinished(() => redis!.stop())

    expect(await pings(redis!.url)).toBe(true)
    await redis!.kill()
    expect(await pings(redis!.url)).toBe(false)
    await redis!.restart()
    expect(await pings(redis!.url)).toBe(true)
  })
})
