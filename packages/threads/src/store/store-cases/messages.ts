import { beforeEach, expect, it } from 'vitest'
import { type Bench, start, threadOf } from './fixtures.js'

/** Cases of messages that were edited or deleted. There are two threads, `th_1` and `th_2`. */
export function messageCases(bench: Bench): void {
  beforeEach(() =>
    bench.commit(bench.store.insertThread(threadOf('th_1')), bench.store.insertThread(threadOf('th_2'))),
  )

  it('answers which of several messages were deleted, by thread', async () => {
    const { store } = bench
    await bench.commit(
      store.deleteMessage('th_1', 'evt_1', start),
      store.deleteMessage('th_1', 'evt_2', start),
      store.editMessage('th_1', 'evt_3'),
      store.deleteMessage('th_2', 'evt_4', start),
    )

    const asked = ['evt_1', 'evt_3', 'evt_4', 'evt_5']
    expect(await store.findDeletedMessages('th_1', asked)).toEqual(['evt_1'])
    expect((await store.findDeletedMessages('th_1', ['evt_2', 'evt_1'])).toSorted()).toEqual([
      'evt_1',
      'evt_2',
    ])
    expect(await store.findDeletedMessages('th_2', ['evt_1'])).toEqual([])
    expect(await store.findDeletedMessages('th_1', [])).toEqual([])
  })

  it('lets a message be edited until it is deleted', async () => {
    const { store } = bench
    const edit = () => bench.outcome(store.editMessage('th_1', 'evt_1'))

    expect([await edit(), await edit()]).toEqual(['committed', 'committed'])
    await bench.commit(store.deleteMessage('th_1', 'evt_1', start))

    expect(await edit()).toBe('refused')
    expect(await store.findDeletedMessages('th_1', ['evt_1'])).toEqual(['evt_1'])
    expect(await bench.outcome(store.editMessage('th_2', 'evt_1'))).toBe('committed')
  })

  it('deletes a message once, however many try at once', async () => {
    const ops = Array.from({ length: 20 }, (_, n) => bench.store.deleteMessage('th_1', 'evt_1', start + n))

    expect(await bench.winners(ops)).toBe(1)
  })

  it('refuses both for a thread that is gone, which takes its messages along', async () => {
    const { store } = bench
    await bench.commit(store.deleteMessage('th_1', 'evt_1', start))
    await bench.commit(...store.removeThread('th_1'))

    expect(await bench.outcome(store.editMessage('th_1', 'evt_2'))).toBe('refused')
    expect(await bench.outcome(store.deleteMessage('th_1', 'evt_2', start))).toBe('refused')
    expect(await store.findDeletedMessages('th_1', ['evt_1'])).toEqual([])
  })
}
