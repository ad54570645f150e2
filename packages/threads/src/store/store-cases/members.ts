import { beforeEach, expect, it } from 'vitest'
import { type Bench, machine, memberOf, start, threadOf } from './fixtures.js'

/** Cases of members. There are two threads, `th_1` and `th_2`. */
export function memberCases(bench: Bench): void {
  beforeEach(() =>
    bench.commit(bench.store.insertThread(threadOf('th_1')), bench.store.insertThread(threadOf('th_2'))),
  )

  it('answers a member exactly as it was inserted', async () => {
    const identity = { ...machine('bot'), metadata: { tenant: { org: 'Ñ 🙂' }, odd: '\u0000' } }
    const member = memberOf('th_1', 'bot', {
      identity,
      role: 'assistant',
      addedAt: start + 3,
      readSeq: 7,
    })
    await bench.commit(bench.store.insertMember(member))

    expect(await bench.store.findMember('th_1', 'bot')).toEqual(member)
    expect(await bench.store.findMember('th_1', 'eve')).toBeUndefined()
    expect(await bench.store.findMember('th_2', 'bot')).toBeUndefined()
  })

  it('lists and counts the members of one thread, by time and then by id', async () => {
    const at = { z: 0, b: 1, a: 1, B: 1 }
    await bench.commit(
      ...Object.entries(at).map(([id, n]) =>
        bench.store.insertMember(memberOf('th_1', id, { addedAt: start + n })),
      ),
      bench.store.insertMember(memberOf('th_2', 'eve')),
    )

    const ids = (await bench.store.listMembers('th_1')).map(({ identityId }) => identityId)
    expect(ids).toEqual(['z', 'B', 'a', 'b'])
    expect(await bench.store.countMembers('th_1')).toBe(4)
    expect(await bench.store.countMembers('th_9')).toBe(0)
  })

  it('refuses who is a member already, and keeps the first', async () => {
    const first = memberOf('th_1', 'ann')
    await bench.commit(bench.store.insertMember(first))

    const again = memberOf('th_1', 'ann', { role: 'owner', addedAt: start + 1 })
    expect(await bench.outcome(bench.store.insertMember(again))).toBe('refused')
    expect(await bench.store.findMember('th_1', 'ann')).toEqual(first)
  })

  it('adds a member once, however many do so at once', async () => {
    const ops = Array.from({ length: 20 }, () => bench.store.insertMember(memberOf('th_1', 'ann')))

    expect(await bench.winners(ops)).toBe(1)
    expect(await bench.store.countMembers('th_1')).toBe(1)
  })

  it('refuses a member of a thread that is gone', async () => {
    await bench.commit(...bench.store.removeThread('th_1'))

    expect(await bench.outcome(bench.store.insertMember(memberOf('th_1', 'ann')))).toBe('refused')
    expect(await bench.store.listMembers('th_1')).toEqual([])
  })

  it('removes a member once', async () => {
    const { store } = bench
    await bench.commit(
      ...['th_1', 'th_2'].map((id) => store.insertMember(memberOf(id, 'ann'))),
      store.insertMember(memberOf('th_1', 'bob')),
    )

    expect(await bench.winners(Array.from({ length: 5 }, () => store.removeMember('th_1', 'ann')))).toBe(1)

    expect(await store.findMember('th_1', 'ann')).toBeUndefined()
    expect(await store.findMember('th_1', 'bob')).toBeDefined()
    expect(await store.findMember('th_2', 'ann')).toBeDefined()
  })

  it('moves a read mark forwards only, and only that of the member', async () => {
    const { store } = bench
    await bench.commit(...['ann', 'bob'].map((id) => store.insertMember(memberOf('th_1', id))))
    await bench.commit(store.insertMember(memberOf('th_2', 'ann')))
    const mark = (seq: number) => bench.outcome(store.markRead('th_1', 'ann', seq))

    expect([await mark(5), await mark(5), await mark(4), await mark(6)]).toEqual([
      'committed',
      'refused',
      'refused',
      'committed',
    ])

    expect(await store.findMember('th_1', 'ann')).toEqual(memberOf('th_1', 'ann', { readSeq: 6 }))
    expect(await store.findMember('th_1', 'bob')).toMatchObject({ readSeq: 0 })
    expect(await store.findMember('th_2', 'ann')).toMatchObject({ readSeq: 0 })
    expect(await bench.outcome(store.markRead('th_1', 'eve', 5))).toBe('refused')
  })

  it('keeps the furthest of many read marks at once', async () => {
    const { store } = bench
    await bench.commit(store.insertMember(memberOf('th_1', 'ann')))

    await bench.winners([3, 9, 1, 7, 5].map((seq) => store.markRead('th_1', 'ann', seq)))

    expect(await store.findMember('th_1', 'ann')).toMatchObject({ readSeq: 9 })
  })

  it('guards a member and refuses everybody else', async () => {
    const { store } = bench
    await bench.commit(store.insertMember(memberOf('th_1', 'ann')))

    expect(await bench.outcome(store.memberGuard('th_1', 'ann'))).toBe('committed')
    expect(await bench.outcome(store.memberGuard('th_1', 'eve'))).toBe('refused')
    expect(await bench.outcome(store.memberGuard('th_2', 'ann'))).toBe('refused')

    await bench.commit(...store.removeThread('th_1'))
    expect(await bench.outcome(store.memberGuard('th_1', 'ann'))).toBe('refused')
  })
}
