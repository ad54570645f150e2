import type { Database } from '@parley/kernel/db'
import type { Ground } from '@parley/kernel/ground'
import { type OpenedTestGround, testGrounds } from '@parley/testkit'
import { type CompiledQuery, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqlThreadStore, sqlWebhookStore, threadsMigrations } from './index.js'
import { fromOp, planOf, remembering } from './plans.test.support.js'
import type { ThreadStore } from './port.js'
import { memberOf, queuedBy, runOf, start } from './store-cases/fixtures.js'

const tenant = { org: 'org7', ws: 'ws3' }
const after = { createdAt: start + 9_000, id: 'th_9000' }

const questions: Record<string, (store: ThreadStore) => Promise<unknown>> = {
  'the visible threads': (store) => store.listThreads({ tenant, limit: 50 }),
  'the next page of them': (store) => store.listThreads({ tenant, limit: 50, after }),
  'the visible threads of a namespace': (store) =>
    store.listThreads({ tenant, namespace: { org: 'org7' }, limit: 50 }),
  'the visible threads of a member': (store) => store.listThreads({ tenant, memberId: 'user7', limit: 50 }),
  'a thread': (store) => store.findThread('th_7'),
  'the members of a thread': (store) => store.listMembers('th_7'),
  'how many they are': (store) => store.countMembers('th_7'),
  'a member of a thread': (store) => store.findMember('th_7', 'user7'),
  'the runs of a thread': (store) => store.listRuns('th_7', { limit: 50 }),
  'the active runs of a thread': (store) => store.listRuns('th_7', { activeOnly: true, limit: 50 }),
  'the next page of them, newest first': (store) =>
    store.listRuns('th_7', { after: { startedAt: start + 20_007, id: 'run_20007' }, limit: 50 }),
  'the next page of the active ones': (store) =>
    store.listRuns('th_7', { activeOnly: true, after: { startedAt: start + 20_007, id: 'x' }, limit: 50 }),
  'the active run of an assistant': (store) => store.findActiveRun('th_7', 'bot'),
  'a run': (store) => store.findRun('run_7'),
  'several runs': (store) => store.findRuns(['run_7', 'run_8']),
  orphans: (store) => store.orphans(start + 20, 50),
  'deleted messages': (store) => store.findDeletedMessages('th_7', ['evt_7', 'evt_10007', 'evt_x']),
  'what an event asked': (store) => store.findQuestions('th_7', 'evt_7'),
  'the call of a tool': (store) => store.findToolQuestion('th_7', 'call'),
  'an invocation': (store) => store.findInvocation('th_7', 'key'),
}

const statements: Record<string, (store: ThreadStore) => ReturnType<ThreadStore['removeThread']>> = {
  'a changed thread': (store) => [store.updateThread('th_7', 1, { updatedAt: start })],
  'a removed thread': (store) => store.removeThread('th_7'),
  'a new member': (store) => [store.insertMember(memberOf('th_7', 'new'))],
  'a removed member': (store) => [store.removeMember('th_7', 'user7')],
  'a read mark': (store) => [store.markRead('th_7', 'user7', 5)],
  'an edited message': (store) => [store.editMessage('th_7', 'evt_7')],
  'a deleted message': (store) => [store.deleteMessage('th_7', 'evt_7', start)],
  'a new run': (store) => [store.insertRun(runOf('th_7', 'new'))],
  'a moved run': (store) => [store.moveRun('run_7', ['pending', 'running'], 'failed', {})],
  'a run that is moved as expected': (store) => [
    store.moveRun('run_7', ['pending'], 'failed', {}, { isQueued: true, leaseExpiresAt: start }),
  ],
  'a renewed run': (store) => [store.renewRun('run_7', start)],
  'a queued run': (store) => [store.queueAfter('run_7', queuedBy('ann'))],
  guards: (store) => [store.threadGuard('th_7'), store.memberGuard('th_7', 'user7'), store.runGuard('run_7')],
}

/** Enough of everything that reading all of it costs more than an index: 10,000 threads, 40,000 members, runs and changed messages. */
async function fill({ db, log }: Ground): Promise<void> {
  const many = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < '
  const tenantKey = `'[["org","org' || (i % 100) || '"],["ws","ws' || (i % 10) || '"]]'`
  const texts = [
    `insert into threads ${many} 10000) select 'th_' || i, ${tenantKey}, '{}', ${start} + i, ${start}, 1 from n`,
    `insert into thread_members ${many} 40000)
     select 'th_' || (i % 10000), 'user' || (i % 997), '{}', 'user', ${start} + i, '{}', 0 from n`,
    `insert into runs ${many} 40000)
     select 'run_' || i, 'th_' || (i % 10000), 'bot', '{}', '{}', case when i <= 400 then 'running' else 'completed' end,
       ${start} + i, null, null, null, null, '{}', 0, null, ${start} + i from n`,
    `insert into changed_messages ${many} 40000)
     select 'th_' || (i % 10000), 'evt_' || i, case when i % 2 = 0 then ${start} end from n`,
    `insert into questions ${many} 40000)
     select 'th_' || (i % 10000), 'evt_' || i, 'call', case when i % 2 = 0 then 'form' else 'tool' end, 'dec_' || i, null
       from n`,
    `insert into invocations ${many} 10000) select 'th_' || i, 'key', '[]', '[]' from n`,
  ]
  // Postgres counts by itself after a while; SQLite plans without having counted.
  if (db.engine === 'postgres') texts.push('analyze')
  const result = await log.commit({ ops: texts.map((text) => ({ sql: text, params: [] })), appends: [] })
  expect(result.outcome).toBe('committed')
}

// A file is planned like memory.
const grounds = (await testGrounds()).filter(({ name }) => name !== 'SQLite file')

for (const { name, open } of grounds)
  describe(`On ${name}`, () => {
    let opened: OpenedTestGround
    let db: Database
    beforeAll(async () => {
      opened = await open()
      db = opened.ground.db
      await db.migrate([threadsMigrations])
      await fill(opened.ground)
    })
    afterAll(() => opened.close())

    it.each(Object.entries(questions))('keys of an index find %s', async (_, ask) => {
      const remembered = remembering(db)
      await ask(sqlThreadStore(remembered.db))

      const plans = await Promise.all(remembered.queries.map((query) => planOf(db, query)))
      expect(plans.flat()).not.toEqual([])
      expect(plans.flat().filter(({ isKeyed }) => !isKeyed)).toEqual([])
    })

    it.each(Object.entries(statements))('keys of an index find what %s concerns', async (_, make) => {
      const plans = await Promise.all(make(sqlThreadStore(db)).map((op) => planOf(db, fromOp(op))))

      expect(plans.flat()).not.toEqual([])
      expect(plans.flat().filter(({ isKeyed }) => !isKeyed)).toEqual([])
    })

    it('keys of an index find what is asked before a commit, where there are webhooks', async () => {
      const asked: CompiledQuery[] = []
      const read: Database['read'] = (query) => {
        asked.push(query)
        return db.read(query)
      }
      await sqlWebhookStore({ ...remembering(db).db, read }).look('th_7')

      const plans = await Promise.all(asked.map((query) => planOf(db, query)))
      expect(plans.flat()).toMatchObject([{ table: 'threads', isKeyed: true }])
    })

    it('tells a query that reads everything', async () => {
      const query = sql`select * from threads where metadata = 'x'`.compile(db.tables())

      expect(await planOf(db, query)).toMatchObject([{ table: 'threads', isKeyed: false }])
    })
  })
