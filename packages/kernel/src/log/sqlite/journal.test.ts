import { afterEach, expect, test, vi } from 'vitest'
import { createCommitLatch, kernelMigrations, openSqlite, type SqliteDatabase } from '../../db/index.js'
import { tempDirectory } from '../../db/sqlite/testing/temp-directory.js'
import { systemClock, systemIds } from '../../ids/index.js'
import { journalConformance } from '../journal-conformance.js'
import type { Unit } from '../port.js'
import { sqliteJournal } from './journal.js'

journalConformance('the SQLite journal in memory', {
  open: async ({ clock, ids }) => {
    const db = await openSqlite({ path: ':memory:', clock })
    return { db, start: () => sqliteJournal(db, { clock, ids }), close: () => db.close() }
  },
})

journalConformance('the SQLite journal in a file', {
  open: async ({ clock, ids }) => {
    const directory = tempDirectory()
    const db = await openSqlite({ path: directory.path, clock })
    const close = async () => {
      await db.close()
      directory.remove()
    }
    return { db, start: () => sqliteJournal(db, { clock, ids }), close }
  },
})

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function openIn(path: string, commitLatch?: SharedArrayBuffer): Promise<SqliteDatabase> {
  const db = await openSqlite({ path, clock: systemClock, commitLatch })
  cleanups.push(() => db.close())
  await db.migrate([kernelMigrations])
  return db
}

function newDirectory(): string {
  const { path, remove } = tempDirectory()
  cleanups.push(remove)
  return path
}

const journalOf = (db: SqliteDatabase, limits = {}) =>
  sqliteJournal(db, { clock: systemClock, ids: systemIds, limits })

function event(body: unknown, stream = 'x:1'): Unit {
  return { ops: [], appends: [{ stream, drafts: [{ type: 't', actor: { kind: 'user', id: 'u' }, body }] }] }
}

test('events, heads and keys survive a reopening', async () => {
  const path = newDirectory()
  const db = await openIn(path)
  const unit = { ops: [], appends: [{ ...event(1).appends[0]!, key: 'k' }] }
  await journalOf(db).commit(unit)
  await db.close()

  const journal = journalOf(await openIn(path))

  expect(await journal.commit(unit)).toMatchObject({ outcome: 'replayed', same: true })
  expect(await journal.commit(event(2))).toMatchObject({ appended: [{ firstSeq: 2 }] })
  expect((await journal.last('x:1', { limit: 9 })).map(({ body }) => body)).toEqual(['1', '2'])
})

test('while the disk holds a commit, reads and the event loop go on', async () => {
  const latch = createCommitLatch()
  const journal = journalOf(await openIn(newDirectory(), latch.buffer))
  await journal.commit(event('before'))
  let isDurable = false
  const arrivals = latch.arrivals()

  latch.hold()
  cleanups.push(latch.release)
  const held = journal.commit(event('held')).then(() => {
    isDurable = true
  })
  await vi.waitUntil(() => latch.arrivals() > arrivals)
  const seen = await journal.last('x:1', { limit: 9 })
  const wasDurable = isDurable
  latch.release()
  await held

  expect(seen.map(({ body }) => body)).toEqual(['"before"'])
  expect(wasDurable).toBe(false)
  expect(await journal.heads(['x:1'])).toEqual(new Map([['x:1', 2]]))
})

test('units that arrive during a commit travel as one group, in bounded batches', async () => {
  const latch = createCommitLatch()
  const journal = journalOf(await openIn(newDirectory(), latch.buffer), { maxBatch: 10 })
  const sizes: number[] = []
  journal.onCommit((group) => sizes.push(group.reduce((sum, { events }) => sum + events.length, 0)))

  latch.hold()
  cleanups.push(latch.release)
  const first = journal.commit(event(0))
  await vi.waitUntil(() => latch.arrivals() > 0)
  const rest = Array.from({ length: 25 }, (_, n) => journal.commit(event(n)))
  latch.release()
  await Promise.all([first, ...rest])

  expect(sizes).toEqual([1, 10, 10, 5])
})

test('past its bound the waiting queue refuses new units', async () => {
  const latch = createCommitLatch()
  const journal = journalOf(await openIn(newDirectory(), latch.buffer), { maxWaiting: 2 })

  latch.hold()
  cleanups.push(latch.release)
  const accepted = [journal.commit(event(0))]
  await vi.waitUntil(() => latch.arrivals() > 0)
  accepted.push(journal.commit(event(1)), journal.commit(event(2)))
  await expect(journal.commit(event(3))).rejects.toMatchObject({ code: 'kernel.unavailable' })
  latch.release()

  expect((await Promise.all(accepted)).map(({ outcome }) => outcome)).toEqual(Array(3).fill('committed'))
})

test('closing while a commit is held waits for it and for all that wait behind it', async () => {
  const latch = createCommitLatch()
  const db = await openIn(newDirectory(), latch.buffer)
  const journal = journalOf(db)

  latch.hold()
  cleanups.push(latch.release)
  const first = journal.commit(event(0))
  await vi.waitUntil(() => latch.arrivals() > 0)
  const rest = [journal.commit(event(1)), journal.trim('x:1', 2)]
  const closed = journal.close().then(() => db.close())
  latch.release()

  await closed
  await expect(Promise.all([first, ...rest])).resolves.toHaveLength(3)
})

test('a parameter that SQLite can not bind rejects its own unit alone', async () => {
  const journal = journalOf(await openIn(':memory:'))
  const odd = (param: unknown): Unit => ({
    ...event('odd'),
    ops: [{ sql: 'select ?', params: [param as string] }],
  })

  const results = await Promise.allSettled(
    [odd(true), odd('a\0b'), odd([]), event('fine')].map((unit) => journal.commit(unit)),
  )

  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled'])
})

test('a draft that the table does not take fails alone among plain appends', async () => {
  const journal = journalOf(await openIn(':memory:'))
  const broken = event('broken')
  // Past the compiler, as code without types could do it.
  broken.appends[0]!.drafts[0]!.type = null as unknown as string

  const results = await Promise.allSettled([event(1), broken, event(2)].map((unit) => journal.commit(unit)))

  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect((await journal.last('x:1', { limit: 9 })).map(({ seq, body }) => [seq, body])).toEqual([
    [1, '1'],
    [2, '2'],
  ])
})
