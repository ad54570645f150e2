import { testPostgres } from '@parley/testkit/services'
import pg from 'pg'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { toOp } from '../../db/index.js'
import { openPostgres, type PostgresDatabase } from '../../db/postgres/open-postgres.js'
import { newTestDatabase } from '../../db/postgres/test-database.test.support.js'
import { systemIds } from '../../ids/index.js'
import { journalConformance } from '../journal-conformance.js'
import type { Draft, Unit, UnitResult } from '../port.js'
import { type PostgresJournalOptions, postgresJournal } from './journal.js'

const server = await testPostgres()
afterAll(() => server?.close())

type Tables = { things: { name: string; version: number }; streams: { name: string; head: number } }

/** A database with a table of our own, and as many nodes over it as asked for. */
async function open({ nodes = 1, ...options }: Partial<PostgresJournalOptions> & { nodes?: number } = {}) {
  const db = await newTestDatabase(server!)
  onTestFinished(() => db.close())
  await db.pool.query('create table things (name text primary key, version int not null)')
  const journals = await Promise.all(
    Array.from({ length: nodes }, async () => {
      const own = await openPostgres({ url: db.url, clock: db.clock, poolSize: 2 })
      const journal = postgresJournal(own, { ids: systemIds, ...options })
      onTestFinished(async () => {
        await journal.close()
        await own.close()
      })
      return journal
    }),
  )
  return { db, journal: journals[0]!, other: journals.at(-1)! }
}

const add = (db: PostgresDatabase, name: string) =>
  toOp(db.tables<Tables>().insertInto('things').values({ name, version: 1 }))

const move = (db: PostgresDatabase, name: string, from: number) => {
  const query = db
    .tables<Tables>()
    .updateTable('things')
    .set({ version: from + 1 })
  return toOp(query.where('name', '=', name).where('version', '=', from), 1)
}

const draft = (body: unknown): Draft => ({ type: 't', actor: { kind: 'user', id: 'u' }, body })
const to = (stream: string, body: unknown, key?: string): Unit => ({
  ops: [],
  appends: [{ stream, drafts: [draft(body)], key }],
})
const firstSeq = (result: UnitResult) => (result.outcome === 'refused' ? -1 : result.appended[0]!.firstSeq)

async function thingNames(db: PostgresDatabase): Promise<string[]> {
  const rows = await db.tables<Tables>().selectFrom('things').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}

/** Ends every connection to the database that runs, or last ran, a statement like this. */
async function cut(db: PostgresDatabase & { url: string }, like: string): Promise<number> {
  const text = `select pg_terminate_backend(pid) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and query ilike $1`
  return (await db.pool.query(text, [like])).rowCount ?? 0
}

/** Holds a lock on a stream's head until it is let go. */
async function holdHead(db: { url: string }, stream: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: db.url })
  await client.connect()
  await client.query('begin')
  await client.query('select 1 from streams where name = $1 for update', [stream])
  return async () => {
    await client.query('rollback')
    await client.end()
  }
}

async function untilSomebodyWaits(db: PostgresDatabase): Promise<void> {
  const text = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  await expect.poll(async () => (await db.pool.query(text)).rowCount).toBe(1)
}

/** One of 20 places: every writer visits them in an order of its own. */
function scatter(writer: number, n: number): number {
  return (Math.imul(writer * 31 + n, 2_654_435_761) >>> 8) % 20
}

/** Deadlocks of the database so far; sessions report theirs when they end. */
async function deadlocks(db: PostgresDatabase): Promise<number> {
  const lanes = `select 1 from pg_stat_activity where datname = current_database() and query in ('commit', 'rollback')`
  await expect.poll(async () => (await db.pool.query(lanes)).rowCount).toBeLessThanOrEqual(1)
  const text = 'select deadlocks from pg_stat_database where datname = current_database()'
  return (await db.pool.query<{ deadlocks: number }>(text)).rows[0]!.deadlocks
}

if (server) {
  journalConformance('Postgres', {
    async open({ clock, ids }) {
      const { url, drop } = await server.newDatabase()
      const db = await openPostgres({ url, clock, poolSize: 4 })
      return {
        db,
        start: () => postgresJournal(db, { ids }),
        async close() {
          await db.close()
          await drop()
        },
      }
    },
  })
}

describe.skipIf(!server)('two Postgres nodes', () => {
  test('append to 20 new streams at once without a gap or a repeated number', async () => {
    const { journal, other } = await open({ nodes: 2 })
    const units = Array.from({ length: 2_000 }, (_, n) => to(`hot:${(n * 7) % 20}`, n))

    await Promise.all(units.map((unit, n) => (n % 2 ? journal : other).commit(unit)))

    for (let n = 0; n < 20; n++) {
      const { events, head } = await journal.read(`hot:${n}`, { after: 0, limit: 1_000 })
      expect(head).toBe(100)
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
      expect(new Set(events.map(({ at }) => at)).size).toBe(100)
    }
  })

  test('write rows and events of the same streams in different orders without a deadlock', async () => {
    const { db, journal, other } = await open({ nodes: 2 })
    const names = Array.from({ length: 20 }, (_, n) => `row:${n}`)
    for (const name of names) await journal.commit({ ...to(name, 0), ops: [add(db, name)] })
    const bump = (name: string): Unit => {
      const query = db.tables<Tables>().updateTable('things').where('name', '=', name)
      return {
        ...to(name, 1),
        ops: [
          toOp(
            query.set(({ eb }) => ({ version: eb('version', '+', 1) })),
            1,
          ),
        ],
      }
    }

    const outcomes = new Set<string>()
    const write = async (writer: number) => {
      const node = writer % 2 ? journal : other
      for (let n = 0; n < 60; n++) outcomes.add((await node.commit(bump(names[scatter(writer, n)]!))).outcome)
    }
    await Promise.all(Array.from({ length: 64 }, (_, writer) => write(writer)))
    await Promise.all([journal.close(), other.close()])

    expect([...outcomes]).toEqual(['committed'])
    const { rows } = await db.pool.query('select sum(version)::int as versions from things')
    expect(rows).toEqual([{ versions: 20 + 64 * 60 }])
    // Deadlocks are tried again, so that nobody sees them; but each costs everybody a second.
    expect(await deadlocks(db)).toBe(0)
  })

  test('store a retry key once when both get it', async () => {
    const { journal, other } = await open({ nodes: 2 })
    const units = Array.from({ length: 200 }, (_, n) => to(`keyed:${n % 5}`, n >> 1, `k${n >> 1}`))

    const results = await Promise.all(units.map((unit, n) => (n % 2 ? journal : other).commit({ ...unit })))

    const stored = results.filter(({ outcome }) => outcome === 'committed')
    const streams = ['keyed:0', 'keyed:1', 'keyed:2', 'keyed:3', 'keyed:4']
    const heads = [...(await journal.heads(streams)).values()]
    expect(heads.reduce((sum, head) => sum + head, 0)).toBe(stored.length)
    expect(stored.length).toBe(200)
  })

  test('answer a key that the other node has stored with that node’s event', async () => {
    const { journal, other } = await open({ nodes: 2 })
    const first = await other.commit(to('x:1', 'mine', 'k'))

    const results = await Promise.all([
      journal.commit(to('x:1', 'before')),
      journal.commit(to('x:1', 'mine', 'k')),
      journal.commit(to('x:1', 'after')),
    ])

    expect(results.map(({ outcome }) => outcome)).toEqual(['committed', 'replayed', 'committed'])
    expect(results[1]).toEqual({ ...first, outcome: 'replayed', same: true })
    expect(results.map(firstSeq)).toEqual([2, 1, 3])
  })

  test('a retry whose guard fails because the first try went through is a replay', async () => {
    const { db, journal, other } = await open({ nodes: 2 })
    await journal.commit({ ops: [add(db, 'a')], appends: [] })
    const unit = (): Unit => ({ ...to('x:1', 1, 'k'), ops: [move(db, 'a', 1)] })

    const results = [await other.commit(unit()), await journal.commit(unit())]

    expect(results.map(({ outcome }) => outcome)).toEqual(['committed', 'replayed'])
  })
})

describe.skipIf(!server)('a Postgres group commit', () => {
  test('runs the units of a group in their order', async () => {
    const { db, journal } = await open()

    const results = await Promise.all([
      journal.commit({ ...to('z:1', 1), ops: [add(db, 'a')] }),
      journal.commit({ ...to('a:1', 1), ops: [move(db, 'a', 1)] }),
      journal.commit({ ...to('m:1', 1), ops: [move(db, 'a', 1)] }),
      journal.commit({ ops: [move(db, 'a', 2)], appends: [] }),
    ])

    expect(results.map(({ outcome }) => outcome)).toEqual(['committed', 'committed', 'refused', 'committed'])
  })

  test('lets many guards and statements fail, each alone, and keeps all others', async () => {
    const { db, journal } = await open()
    await journal.commit({ ops: [add(db, 'taken')], appends: [] })
    const make = [
      (n: number): Unit => to('x:1', n),
      (n: number): Unit => ({ ...to('x:1', n), ops: [add(db, `good-${n}`)] }),
      (n: number): Unit => ({ ...to('x:1', n), ops: [add(db, `dirty-${n}`), move(db, 'taken', 9)] }),
      (n: number): Unit => ({ ...to('x:1', n), ops: [move(db, 'taken', 9)] }),
      (n: number): Unit => ({ ...to('x:1', n), ops: [add(db, `raised-${n}`), add(db, 'taken')] }),
    ]

    const units = Array.from({ length: 200 }, (_, n) => make[n % 5]!(n))
    const results = await Promise.allSettled(units.map((unit) => journal.commit(unit)))

    const outcomes = results.map((result) =>
      result.status === 'fulfilled' ? result.value.outcome : 'raised',
    )
    const cycle = ['committed', 'committed', 'refused', 'refused', 'raised']
    expect(outcomes).toEqual(units.map((_, n) => cycle[n % 5]))
    const bodies = (await journal.read('x:1', { after: 0, limit: 500 })).events.map(({ body }) =>
      Number(body),
    )
    expect(bodies).toEqual(units.flatMap((_, n) => (n % 5 < 2 ? [n] : [])))
    expect((await thingNames(db)).filter((name) => !name.startsWith('good'))).toEqual(['taken'])
  })

  test('undoes a refused unit whose guard asked for more rows than it changed', async () => {
    const { db, journal } = await open()
    await journal.commit({ ops: [add(db, 'a')], appends: [] })
    const both = db.tables<Tables>().updateTable('things').set({ version: 5 }).where('name', 'in', ['a', 'b'])

    const result = await journal.commit({ ops: [toOp(both, 2)], appends: [] })

    expect(result).toEqual({ outcome: 'refused', op: 0 })
    expect(await db.tables<Tables>().selectFrom('things').selectAll().execute()).toEqual([
      { name: 'a', version: 1 },
    ])
  })

  test('a statement that fails only when it commits fails alone', async () => {
    const { db, journal } = await open()
    await db.pool.query('create table later (name text references things deferrable initially deferred)')
    const orphan = { sql: 'insert into later values ($1)', params: ['nobody'] }

    const results = await Promise.allSettled([
      journal.commit(to('x:1', 1)),
      journal.commit({ ...to('x:1', 'orphan'), ops: [orphan] }),
      journal.commit(to('x:1', 2)),
    ])

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await journal.read('x:1', { after: 0, limit: 9 })).events.map(({ body }) => body)).toEqual([
      '1',
      '2',
    ])
  })

  test('refuses text with a NUL before it reaches a batch', async () => {
    const { journal } = await open()

    await expect(journal.commit(to('x:\0', 1))).rejects.toMatchObject({ code: 'kernel.invalid_request' })
  })

  test('refuses what exceeds the bound of waiting units', async () => {
    const { journal } = await open({
      limits: { maxBatch: 1, maxWaiting: 2, maxBatchChars: 1e6, maxWaitingChars: 1e6 },
    })

    const results = await Promise.allSettled([1, 2, 3].map((n) => journal.commit(to('x:1', n))))

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(results[2]).toMatchObject({ reason: { code: 'kernel.unavailable', retryable: true } })
  })
})

describe.skipIf(!server)('a Postgres journal whose connection is cut', () => {
  test('goes on over a new one', async () => {
    const { db, journal } = await open()
    await journal.commit(to('x:1', 1))

    expect(await cut(db, '%insert into streams%')).toBe(1)
    await expect.poll(() => journal.commit(to('x:1', 2)).then(firstSeq, () => 0)).toBe(2)
  })

  test('sends units again that were not committed for certain, and nothing twice', async () => {
    const { db, journal } = await open()
    await journal.commit({ ...to('x:1', 1), ops: [add(db, 'a')] })
    const letGo = await holdHead(db, 'x:1')
    // The guard makes it two trips, and the first waits for the head: its commit was not sent yet.
    const guarded = journal.commit({ ...to('x:1', 2), ops: [move(db, 'a', 1)] })
    await untilSomebodyWaits(db)
    const queued = journal.commit(to('x:1', 3))

    await cut(db, '%for no key update')
    await letGo()

    expect([await guarded, await queued].map(firstSeq)).toEqual([2, 3])
    const { events } = await journal.read('x:1', { after: 0, limit: 9 })
    expect(events.map(({ body }) => body)).toEqual(['1', '2', '3'])
  })

  test('either stores or rejects with a retryable refusal, whenever it is cut', async () => {
    const { db, journal } = await open()
    await journal.commit(to('x:1', 'first'))
    const stop = new AbortController()
    const stored: string[] = []
    const refused: unknown[] = []
    const write = async (name: number) => {
      for (let n = 0; !stop.signal.aborted; n++) {
        const body = `${name}-${n}`
        await journal.commit(to('x:1', body)).then(
          () => stored.push(JSON.stringify(body)),
          (error: unknown) => refused.push(error),
        )
      }
    }
    const writers = Array.from({ length: 8 }, (_, name) => write(name))

    for (let n = 0; n < 10; n++) {
      const before = stored.length
      await cut(db, '%')
      await expect.poll(() => stored.length, { interval: 2 }).toBeGreaterThan(before + 50)
    }
    stop.abort()
    await Promise.all(writers)

    for (const error of refused) expect(error).toMatchObject({ code: 'kernel.unavailable', retryable: true })
    const { events, head } = await journal.read('x:1', { after: 0, limit: 1_000_000 })
    const bodies = new Set(events.map(({ body }) => body))
    expect(events).toHaveLength(head)
    expect(bodies.size).toBe(head)
    expect(stored.filter((body) => !bodies.has(body))).toEqual([])
  })

  test('rejects what waits when no connection comes back within the bound', async () => {
    const { db, journal } = await open({ reconnectWithinMs: 60 })
    await journal.commit(to('x:1', 1))
    const admin = new pg.Client({ connectionString: server!.url })
    await admin.connect()
    onTestFinished(() => admin.end())
    await admin.query(`alter database ${new URL(db.url).pathname.slice(1)} allow_connections false`)

    await cut(db, '%insert into streams%')

    await expect
      .poll(() => journal.commit(to('x:1', 2)).catch((error) => error.code))
      .toBe('kernel.unavailable')
  })
})
