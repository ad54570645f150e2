import { testPostgres } from '@parley/testkit/services'
import { type Kysely, sql } from 'kysely'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../ids/index.js'
import { kernelMigrations } from '../kernel-migrations.js'
import type { MigrationSet } from '../port.js'
import { openPostgres } from './open-postgres.js'

const server = await testPostgres()
afterAll(() => server?.close())

async function open() {
  const { url, drop } = await server!.newDatabase()
  onTestFinished(drop)
  const connect = async () => {
    const db = await openPostgres({ url, clock: systemClock })
    onTestFinished(() => db.close())
    return db
  }
  return { db: await connect(), connect, url }
}

const broken: MigrationSet = {
  owner: 'broken',
  migrations: [
    { name: '001', statements: (db) => [db.schema.createTable('a b').addColumn('x', sql`nonsense`)] },
  ],
}

const kernelSteps = kernelMigrations.migrations.map(({ name }) => name)

describe.skipIf(!server)('a Postgres database', () => {
  test('applies migrations once, also when two processes start together', async () => {
    const { db, connect } = await open()
    const other = await connect()

    await Promise.all([db.migrate([kernelMigrations]), other.migrate([kernelMigrations])])
    await db.migrate([kernelMigrations])

    const [status] = await db.migrationStatus([kernelMigrations])
    expect(status).toEqual({ owner: 'kernel', applied: kernelSteps, pending: [] })
  })

  test('says what is missing on an empty database without changing it', async () => {
    const { db } = await open()

    const [status] = await db.migrationStatus([kernelMigrations])

    expect(status).toEqual({ owner: 'kernel', applied: [], pending: kernelSteps })
    expect(
      await db.read(sql`select tablename from pg_tables where schemaname = 'public'`.compile(db.tables())),
    ).toEqual([])
  })

  test('a migration that fails leaves nothing of its run behind', async () => {
    const { db } = await open()

    await expect(db.migrate([kernelMigrations, broken])).rejects.toThrow(/nonsense/)

    const [status] = await db.migrationStatus([kernelMigrations])
    expect(status?.applied).toEqual([])
  })

  test('reads bigint as number on its own connections', async () => {
    const { db } = await open()

    expect(await db.read(sql`select 9007199254740991::int8 as n`.compile(db.tables()))).toEqual([
      { n: 9007199254740991 },
    ])
  })

  test('outlives a connection that breaks while it is in use and idle', async () => {
    const { db } = await open()
    const client = await db.pool.connect()
    const broken = new Promise((resolve) => client.once('end', resolve))
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')

    await db.pool.query('select pg_terminate_backend($1)', [rows[0]!.pid])
    await broken
    client.release()

    expect(await db.read(sql`select 1 as n`.compile(db.tables()))).toEqual([{ n: 1 }])
  })

  test('offers no transactions', async () => {
    const { db } = await open()
    const tables: Kysely<unknown> = db.tables()

    await expect(tables.transaction().execute(async () => 1)).rejects.toThrow(/unit of the log/)
  })

  test('refuses to open where nothing answers', async () => {
    const url = 'postgres://postgres@127.0.0.1:1/none'

    await expect(openPostgres({ url, clock: systemClock })).rejects.toThrow(/ECONNREFUSED/)
  })
})
