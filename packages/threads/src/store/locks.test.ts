// On Postgres several nodes write at once. A unit that was told "it is there" holds off whoever takes it away.
import type { Op, PostgresDatabase } from '@parley/kernel/db'
import { eventually, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sqlThreadStore, threadsMigrations } from './index.js'
import type { ThreadStore } from './port.js'
import { memberOf, runOf, start, threadOf } from './store-cases/fixtures.js'

type Make = (store: ThreadStore) => Op | Op[]

const invocation = { threadId: 'th_1', key: 'k', assistantIds: ['bot'], runIds: ['run_1'] }
const add: Record<string, Make> = {
  'a new member': (store) => store.insertMember(memberOf('th_1', 'bob')),
  'a new run': (store) => store.insertRun(runOf('th_1', 'run_2')),
  'a new invocation': (store) => store.insertInvocation(invocation),
  'an edited message': (store) => store.editMessage('th_1', 'evt_1'),
  'a deleted message': (store) => store.deleteMessage('th_1', 'evt_2', start),
  'a guarded thread': (store) => store.threadGuard('th_1'),
  'a guarded member': (store) => store.memberGuard('th_1', 'ann'),
}
const edited: Make = (store) => store.editMessage('th_1', 'evt_1')
const deleted: Make = (store) => store.deleteMessage('th_1', 'evt_1', start)
const removeThread: Make = (store) => store.removeThread('th_1')
const holds: [string, string, Make, Make][] = [
  ...Object.entries(add).map(([name, make]): [string, string, Make, Make] => [
    name,
    'the removal of its thread',
    make,
    removeThread,
  ]),
  [
    'a guarded member',
    'its removal',
    (store) => store.memberGuard('th_1', 'ann'),
    (store) => store.removeMember('th_1', 'ann'),
  ],
  [
    'a guarded run',
    'its end',
    (store) => store.runGuard('run_1'),
    (store) => store.moveRun('run_1', ['running'], 'completed', {}),
  ],
]

const grounds = (await testGrounds()).filter(({ engine }) => engine === 'postgres')

for (const { name, open } of grounds)
  describe(`On ${name}`, () => {
    async function opened() {
      const { ground, close } = await open()
      onTestFinished(close)
      await ground.db.migrate([threadsMigrations])
      const store = sqlThreadStore(ground.db)
      const busy = runOf('th_1', 'run_1', { status: 'running', assistant: { ...runner, id: 'busy' } })
      const ops = [
        store.insertThread(threadOf('th_1')),
        store.insertMember(memberOf('th_1', 'ann')),
        store.insertRun(busy),
      ]
      await ground.log.commit({ ops, appends: [] })
      const { pool } = ground.db as PostgresDatabase
      return { store, pool, outcome: async (made: Op | Op[]) => (await commit(made)).outcome }

      function commit(made: Op | Op[]) {
        return ground.log.commit({ ops: [made].flat(), appends: [] })
      }
    }
    const { assistant: runner } = runOf('th_1', 'any')
    type Pool = PostgresDatabase['pool']

    /** A transaction of another node that has run the statements and not committed yet. */
    async function begun(pool: Pool, made: Op | Op[]) {
      const client = await pool.connect()
      onTestFinished(() => client.release(true))
      await client.query('begin')
      const counts: (number | null)[] = []
      for (const { sql, params } of [made].flat())
        counts.push((await client.query(sql, [...params])).rowCount)
      const commit = async () => void (await client.query('commit'))
      return { counts, commit }
    }

    const untilOneWaits = (pool: Pool) =>
      eventually(async () => {
        const { rows } = await pool.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows.length > 0
      })

    it.each(holds)('%s holds off %s until it has committed', async (_, __, guard, remove) => {
      const { store, pool, outcome } = await opened()
      const other = await begun(pool, guard(store))
      expect(other.counts).toEqual([1])

      const removing = outcome(remove(store))
      await untilOneWaits(pool)
      await other.commit()

      expect(await removing).toBe('committed')
    })

    it.each(Object.entries(add))('%s waits for a removal that began, and is refused', async (_, make) => {
      const { store, pool, outcome } = await opened()
      const other = await begun(pool, removeThread(store))

      const adding = outcome(make(store))
      await untilOneWaits(pool)
      await other.commit()

      expect(await adding).toBe('refused')
    })

    it('a removal takes what was added while it waited', async () => {
      const { store, pool, outcome } = await opened()
      const ops = Object.values(add).flatMap((make) => make(store))
      const other = await begun(pool, ops)

      const removing = outcome(removeThread(store))
      await untilOneWaits(pool)
      await other.commit()
      await removing

      expect(await store.listMembers('th_1')).toEqual([])
      expect(await store.findRun('run_2')).toBeUndefined()
      expect(await store.findInvocation('th_1', 'k')).toBeUndefined()
      expect(await store.findDeletedMessages('th_1', ['evt_2'])).toEqual([])
    })

    it.each<[string, Make, Make, string]>([
      ['an edit waits for a deletion that began, and is refused', deleted, edited, 'refused'],
      ['a second deletion waits for the first, and is refused', deleted, deleted, 'refused'],
      ['a deletion waits for an edit that began, and comes after it', edited, deleted, 'committed'],
    ])('%s', async (_, first, second, expected) => {
      const { store, pool, outcome } = await opened()
      const other = await begun(pool, first(store))
      expect(other.counts).toEqual([1])

      const later = outcome(second(store))
      await untilOneWaits(pool)
      await other.commit()

      expect(await later).toBe(expected)
    })

    it('guards of one thread do not wait for each other, nor for a change of the thread', async () => {
      const { store, pool, outcome } = await opened()
      const other = await begun(pool, [store.memberGuard('th_1', 'ann'), store.threadGuard('th_1')])

      expect(await outcome(store.memberGuard('th_1', 'ann'))).toBe('committed')
      expect(await outcome(store.insertMember(memberOf('th_1', 'bob')))).toBe('committed')
      expect(await outcome(store.updateThread('th_1', 1, { updatedAt: start }))).toBe('committed')
      await other.commit()
    })
  })
