import { testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sqlThreadStore, threadsMigrations } from './index.js'
import { operatorReads } from './operator-reads.js'
import { memberOf, runOf, start, threadOf } from './store-cases/fixtures.js'

const tenants: Record<string, Record<string, string>> = {
  th_1: { org: 'A' },
  th_2: { org: 'A', ws: 'X' },
  th_3: { org: 'B', ws: 'X' },
  th_4: {},
  th_5: { org: 'A' },
  // Text that JSON escapes, and that would end a text in a database.
  th_6: { org: 'q"uo\\te', nul: 'a\0b' },
}

for (const { name, open } of await testGrounds())
  describe(`What operators read on ${name}`, () => {
    async function reads() {
      const { ground, close } = await open()
      onTestFinished(close)
      await ground.db.migrate([threadsMigrations])
      const store = sqlThreadStore(ground.db)
      // Two of them at the same time: then the id decides.
      const threads = Object.entries(tenants).map(([id, tenant], n) =>
        threadOf(id, { tenant, createdAt: start + Math.floor(n / 2) }),
      )
      const ops = [
        ...threads.map((row) => store.insertThread(row)),
        store.insertMember(memberOf('th_1', 'ann')),
        store.insertMember(memberOf('th_1', 'bob')),
        store.insertMember(memberOf('th_2', 'ann')),
        store.insertRun(runOf('th_1', 'run_1', { status: 'completed' })),
        store.insertRun(runOf('th_1', 'run_2', { status: 'running' })),
      ]
      expect(await ground.log.commit({ ops, appends: [] })).toMatchObject({ outcome: 'committed' })
      return operatorReads(ground.db)
    }

    it.each([
      [{}, ['th_6', 'th_5', 'th_4', 'th_3', 'th_2', 'th_1']],
      [{ org: 'A' }, ['th_5', 'th_2', 'th_1']],
      [{ ws: 'X' }, ['th_3', 'th_2']],
      [{ ws: 'X', org: 'A' }, ['th_2']],
      [{ org: 'q"uo\\te' }, ['th_6']],
      [{ nul: 'a\0b' }, ['th_6']],
      [{ org: 'a' }, []],
      [{ X: 'ws' }, []],
    ] as [Record<string, string>, string[]][])(
      'threads within %j, newest first',
      async (within, expected) => {
        const { listThreads } = await reads()
        expect((await listThreads({ within, limit: 50 })).map(({ id }) => id)).toEqual(expected)
      },
    )

    it('a page goes on after any place, also between two of the same time', async () => {
      const { listThreads } = await reads()
      const after = { createdAt: start + 1, id: 'th_4' }

      const page = await listThreads({ within: {}, after, limit: 2 })
      const inA = await listThreads({ within: { org: 'A' }, after, limit: 2 })

      expect(page.map(({ id }) => id)).toEqual(['th_3', 'th_2'])
      expect(inA.map(({ id }) => id)).toEqual(['th_2', 'th_1'])
    })

    it('tenants with how many threads each has, the largest first', async () => {
      const { listTenants } = await reads()

      expect((await listTenants({}, 2))[0]).toEqual({ tenant: { org: 'A' }, threads: 2 })
      expect(await listTenants({}, 2)).toHaveLength(2)
      expect(await listTenants({ ws: 'X' }, 50)).toEqual([
        { tenant: { org: 'A', ws: 'X' }, threads: 1 },
        { tenant: { org: 'B', ws: 'X' }, threads: 1 },
      ])
    })

    it('members and active runs are counted for each thread', async () => {
      const { countIn } = await reads()
      const countOf = await countIn(['th_1', 'th_2', 'th_3'])

      expect(['th_1', 'th_2', 'th_3'].map(countOf)).toEqual([
        { members: 2, activeRuns: 1 },
        { members: 1, activeRuns: 0 },
        { members: 0, activeRuns: 0 },
      ])
      expect((await countIn([]))('th_1')).toEqual({ members: 0, activeRuns: 0 })
    })
  })
