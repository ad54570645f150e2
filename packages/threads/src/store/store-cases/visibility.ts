import { maxTenantEntries } from '@parley/kernel/principal'
import { expect, it } from 'vitest'
import type { TenantMap, ThreadQuery } from '../port.js'
import { type Bench, memberOf, start, threadOf } from './fixtures.js'

/** Cases of lists of threads. */
export function visibilityCases(bench: Bench): void {
  const list = async (query: Partial<ThreadQuery>) => {
    const rows = await bench.store.listThreads({ tenant: {}, limit: 50, ...query })
    return rows.map(({ id }) => id)
  }
  const put = (tenants: Record<string, TenantMap>) =>
    bench.commit(
      ...Object.entries(tenants).map(([id, tenant]) => bench.store.insertThread(threadOf(id, { tenant }))),
    )

  it('goes newest first, page by page, also through those of one moment', async () => {
    const at = { a: 0, b: 0, B: 0, c: 1, d: -1 }
    await bench.commit(
      ...Object.entries(at).map(([id, n]) =>
        bench.store.insertThread(threadOf(id, { createdAt: start + n })),
      ),
    )

    expect(await list({})).toEqual(['c', 'b', 'a', 'B', 'd'])
    expect(await list({ limit: 2 })).toEqual(['c', 'b'])
    expect(await list({ limit: 2, after: { createdAt: start, id: 'b' } })).toEqual(['a', 'B'])
    expect(await list({ after: { createdAt: start, id: 'B' } })).toEqual(['d'])
  })

  it('answers whole rows', async () => {
    const thread = threadOf('th_1', { tenant: { org: 'a' }, metadata: { n: 1 } })
    await bench.commit(bench.store.insertThread(thread))

    expect(await bench.store.listThreads({ tenant: { org: 'a' }, limit: 1 })).toEqual([thread])
  })

  it('keeps to threads with the member that was asked for', async () => {
    await put({ a: {}, b: {}, c: { org: 'x' } })
    await bench.commit(...['a', 'c'].map((id) => bench.store.insertMember(memberOf(id, 'ann'))))
    await bench.commit(bench.store.insertMember(memberOf('b', 'bob')))

    expect(await list({ memberId: 'ann' })).toEqual(['a'])
    expect(await list({ memberId: 'ann', tenant: { org: 'x' } })).toEqual(['c', 'a'])
    expect(await list({ memberId: 'eve' })).toEqual([])
  })

  // Past a number of entries a store may answer in another way: the same rows must come.
  const unrelated = Array.from({ length: maxTenantEntries }, (_, n) => [`other${n}`, 'v'])
  for (const [count, more] of [
    ['few', {}],
    ['many', Object.fromEntries(unrelated)],
  ] as const) {
    const tenants = {
      public: {},
      org: { org: 'A' },
      orgX: { ws: 'X', org: 'A' },
      orgY: { org: 'A', ws: 'Y' },
      wsX: { ws: 'X' },
      other: { org: 'B' },
      swapped: { A: 'org' },
      odd: { 'a"b': '[\\' },
      nul: { nul: '\u0000' },
    }

    it.each<[TenantMap, string[]]>([
      [{ org: 'A', ws: 'X' }, ['wsX', 'public', 'orgX', 'org']],
      [{ org: 'A', ws: 'Z' }, ['public', 'org']],
      [{ ws: 'X' }, ['wsX', 'public']],
      [{}, ['public']],
      [{ 'a"b': '[\\' }, ['public', 'odd']],
      [{ nul: '\u0000' }, ['public', 'nul']],
    ])(`shows a caller of %j and ${count} other entries what its entries cover`, async (tenant, visible) => {
      await put(tenants)

      expect(await list({ tenant: { ...tenant, ...more } })).toEqual(visible)
    })

    it.each<[TenantMap, string[]]>([
      [{ ws: 'X' }, ['wsX', 'orgX']],
      [{ ws: 'X', org: 'A' }, ['orgX']],
      [{ ws: 'Y' }, []],
      [{ region: 'eu' }, []],
    ])(`keeps to the namespace %j of a caller of ${count} other entries`, async (namespace, visible) => {
      await put(tenants)

      expect(await list({ tenant: { org: 'A', ws: 'X', ...more }, namespace })).toEqual(visible)
    })

    it(`pages and asks for a member for a caller of ${count} other entries`, async () => {
      await put(tenants)
      await bench.commit(bench.store.insertMember(memberOf('orgX', 'ann')))
      const tenant = { org: 'A', ws: 'X', ...more }

      expect(await list({ tenant, limit: 1, after: { createdAt: start, id: 'public' } })).toEqual(['orgX'])
      expect(await list({ tenant, memberId: 'ann' })).toEqual(['orgX'])
    })
  }

  it('follows a change of the tenant', async () => {
    await put({ a: { org: 'A' } })

    await bench.commit(bench.store.updateThread('a', 1, { tenant: { org: 'B' }, updatedAt: start }))

    expect(await list({ tenant: { org: 'A' } })).toEqual([])
    expect(await list({ tenant: { org: 'B' } })).toEqual(['a'])
  })
}
