import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../ids/index.js'
import type { Migration, MigrationSet } from '../port.js'
import { openSqlite, type SqliteDatabase } from './open.js'
import { openInOtherProcess } from './testing/other-process.js'
import { tempDirectory } from './testing/temp-directory.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function open(path: string): Promise<SqliteDatabase> {
  const db = await openSqlite({ path, clock: systemClock })
  cleanups.push(() => db.close())
  return db
}

function newDirectory(): string {
  const { path, remove } = tempDirectory()
  cleanups.push(remove)
  return path
}

type Notes = { notes: { id: number; text: string | null } }
const notes: Migration = {
  name: '001-notes',
  statements: (db) => [
    db.schema.createTable('notes').addColumn('id', 'integer').addColumn('text', 'text'),
    (db as Kysely<Notes>).insertInto('notes').values({ id: 1, text: 'first' }),
  ],
}
const set = (...migrations: Migration[]): MigrationSet => ({ owner: 'notes', migrations })

describe.each(['in memory', 'in a file'])('a SQLite database %s', (kind) => {
  const openOne = () => open(kind === 'in memory' ? ':memory:' : newDirectory())

  test('reads through Kysely', async () => {
    const db = await openOne()
    await db.migrate([set(notes)])

    const rows = await db.tables<Notes>().selectFrom('notes').selectAll().execute()

    expect(rows).toEqual([{ id: 1, text: 'first' }])
  })

  test('gives each of many reads of one turn its own answer, also when one fails', async () => {
    const db = await openOne()
    const number = (n: number) =>
      db.read(sql`select ${n} as n, ${'text'} as t, null as x`.compile(db.tables()))

    const answers = await Promise.allSettled([
      number(1),
      db.read(sql`select * from nowhere`.compile(db.tables())),
      number(2),
    ])

    expect(answers).toEqual([
      { status: 'fulfilled', value: [{ n: 1, t: 'text', x: null }] },
      { status: 'rejected', reason: expect.objectContaining({ message: 'no such table: nowhere' }) },
      { status: 'fulfilled', value: [{ n: 2, t: 'text', x: null }] },
    ])
  })

  test('refuses writing through a read, and transactions', async () => {
    const db = await openOne()
    await db.migrate([set(notes)])
    const tables = db.tables<Notes>()

    await expect(tables.insertInto('notes').values({ id: 2, text: 'no' }).execute()).rejects.toMatchObject({
      code: 'SQLITE_READONLY',
    })
    await expect(tables.transaction().execute(async () => {})).rejects.toThrow('no transactions')
    expect(await tables.selectFrom('notes').selectAll().execute()).toHaveLength(1)
  })

  test('applies only what is missing and says where it stands', async () => {
    const db = await openOne()
    const more: Migration = {
      name: '002-more',
      statements: (kysely) => [kysely.schema.alterTable('notes').addColumn('more', 'text')],
    }

    const before = await db.migrationStatus([set(notes)])
    await db.migrate([set(notes)])
    await db.tables<Notes>().selectFrom('notes').selectAll().execute()
    const between = await db.migrationStatus([set(more, notes)])
    await Promise.all([db.migrate([set(more, notes)]), db.migrate([set(notes, more)])])
    const after = await db.migrationStatus([set(notes, more)])

    expect(before).toEqual([{ owner: 'notes', applied: [], pending: ['001-notes'] }])
    expect(between).toEqual([{ owner: 'notes', applied: ['001-notes'], pending: ['002-more'] }])
    expect(after).toEqual([{ owner: 'notes', applied: ['001-notes', '002-more'], pending: [] }])
    expect(await db.tables<Notes>().selectFrom('notes').selectAll().execute()).toEqual([
      { id: 1, text: 'first', more: null },
    ])
  })

  test('a migration that fails leaves nothing behind', async () => {
    const db = await openOne()
    const broken: Migration = {
      name: '002-broken',
      statements: (kysely) => [{ compile: () => sql`create nonsense`.compile(kysely) }],
    }

    await expect(db.migrate([set(notes, broken)])).rejects.toThrow('syntax error')

    expect(await db.migrationStatus([set(notes, broken)])).toEqual([
      { owner: 'notes', applied: [], pending: ['001-notes', '002-broken'] },
    ])
  })

  test('after closing every call is refused, and closing again is harmless', async () => {
    const db = await openOne()

    await db.close()
    await db.close()

    await expect(db.read(sql`select 1`.compile(db.tables()))).rejects.toMatchObject({ code: 'kernel.closed' })
    await expect(db.migrate([set(notes)])).rejects.toMatchObject({ code: 'kernel.closed' })
  })
})

test('a directory that is open here or in another process is refused, and free again after closing', async () => {
  const path = newDirectory()
  const other = await openInOtherProcess(path)
  cleanups.push(other.kill)
  const inUse = { code: 'kernel.data_directory_in_use' }
  await expect(open(path)).rejects.toMatchObject(inUse)

  await other.kill()
  const db = await open(path)
  await expect(open(path)).rejects.toMatchObject(inUse)
  await db.close()

  expect(existsSync(join(path, 'parley.lock'))).toBe(false)
  await open(path)
})

test('a database file that is none rejects and leaves the directory free', async () => {
  const path = newDirectory()
  writeFileSync(join(path, 'parley.db'), 'this is no database, only some text '.repeat(300))
  await expect(open(path)).rejects.toThrow('not a database')

  rmSync(join(path, 'parley.db'))

  await open(path)
})

test('two databases in memory share nothing', async () => {
  const [one, other] = [await open(':memory:'), await open(':memory:')]

  await one.migrate([set(notes)])

  expect(await other.migrationStatus([set(notes)])).toMatchObject([{ applied: [] }])
})
