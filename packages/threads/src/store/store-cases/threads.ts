import { expect, it } from 'vitest'
import { type Bench, memberOf, runOf, start, threadOf } from './fixtures.js'

/** Cases of single threads. */
export function threadCases(bench: Bench): void {
  it('answers a thread exactly as it was inserted', async () => {
    const thread = threadOf('th_1', {
      tenant: { org: 'Ñ “é” 🙂', constructor: 'x', nul: '\u0000', half: '\ud800' },
      metadata: { title: 'A\u0000', deep: [{ n: 1.5, list: [null, true] }] },
      updatedAt: start + 9,
      version: 7,
    })
    await bench.commit(bench.store.insertThread(thread))

    expect(await bench.store.findThread('th_1')).toEqual(thread)
    expect(await bench.store.findThread('th_2')).toBeUndefined()
  })

  it('refuses a second thread with the same id, without a fault', async () => {
    await bench.commit(bench.store.insertThread(threadOf('th_1')))

    const again = threadOf('th_1', { metadata: { second: true } })
    expect(await bench.outcome(bench.store.insertThread(again))).toBe('refused')
    expect(await bench.store.findThread('th_1')).toEqual(threadOf('th_1'))
  })

  it('sets what a change names, keeps the rest, and counts the version up', async () => {
    await bench.commit(bench.store.insertThread(threadOf('th_1', { metadata: { a: 1 } })))

    const tenant = { org: 'b' }
    await bench.commit(bench.store.updateThread('th_1', 1, { tenant, updatedAt: start + 1 }))
    expect(await bench.store.findThread('th_1')).toEqual(
      threadOf('th_1', { tenant, metadata: { a: 1 }, updatedAt: start + 1, version: 2 }),
    )

    await bench.commit(bench.store.updateThread('th_1', 2, { metadata: {}, updatedAt: start + 2 }))
    expect(await bench.store.findThread('th_1')).toEqual(
      threadOf('th_1', { tenant, metadata: {}, updatedAt: start + 2, version: 3 }),
    )
  })

  it('lets one of many changes of the same version win', async () => {
    await bench.commit(bench.store.insertThread(threadOf('th_1')))

    const changes = Array.from({ length: 8 }, (_, n) =>
      bench.store.updateThread('th_1', 1, { metadata: { n }, updatedAt: start + n }),
    )

    expect(await bench.winners(changes)).toBe(1)
    expect(await bench.store.findThread('th_1')).toMatchObject({ version: 2 })
  })

  it('refuses the whole unit when the version has moved on, or the thread is unknown', async () => {
    const { store } = bench
    await bench.commit(store.insertThread(threadOf('th_1', { version: 2 })))

    const late = store.insertMember(memberOf('th_1', 'ann'))
    expect(await bench.outcome(late, store.updateThread('th_1', 1, { updatedAt: start }))).toBe('refused')

    expect(await store.listMembers('th_1')).toEqual([])
    expect(await bench.outcome(store.updateThread('th_9', 1, { updatedAt: start }))).toBe('refused')
  })

  it('removes a thread with all that is kept of it, and no other', async () => {
    const { store } = bench
    const invocation = { key: 'k', assistantIds: ['bot'], runIds: ['run_1'] }
    for (const id of ['th_1', 'th_2'])
      await bench.commit(
        store.insertThread(threadOf(id)),
        store.insertMember(memberOf(id, 'ann')),
        store.insertRun(runOf(id, `run_${id}`)),
        store.insertInvocation({ ...invocation, threadId: id }),
        store.deleteMessage(id, 'evt_1', start),
      )

    expect(await bench.outcome(...store.removeThread('th_1'))).toBe('committed')

    expect(await store.findThread('th_1')).toBeUndefined()
    expect(await store.listMembers('th_1')).toEqual([])
    expect(await store.findRun('run_th_1')).toBeUndefined()
    expect(await store.findInvocation('th_1', 'k')).toBeUndefined()
    expect(await store.findDeletedMessages('th_1', ['evt_1'])).toEqual([])
    expect(await store.findThread('th_2')).toBeDefined()
    expect(await store.listMembers('th_2')).toHaveLength(1)
    expect(await store.findRun('run_th_2')).toBeDefined()
    expect(await store.findInvocation('th_2', 'k')).toBeDefined()
    expect(await store.findDeletedMessages('th_2', ['evt_1'])).toEqual(['evt_1'])
  })

  it('refuses to remove a thread twice', async () => {
    await bench.commit(bench.store.insertThread(threadOf('th_1')))
    await bench.commit(...bench.store.removeThread('th_1'))

    expect(await bench.outcome(...bench.store.removeThread('th_1'))).toBe('refused')
  })

  it('guards a thread that is there and refuses one that is not', async () => {
    await bench.commit(bench.store.insertThread(threadOf('th_1')))

    expect(await bench.outcome(bench.store.threadGuard('th_1'))).toBe('committed')
    expect(await bench.outcome(bench.store.threadGuard('th_2'))).toBe('refused')
  })
}
