import { expect } from 'vitest'
import type { FollowItem, Log } from '../port.js'
import { append, committed, draft, range, seqs } from './nodes.js'

const ten = range(1, 10)

async function take(log: Log, stream: string, after: number, count: number): Promise<FollowItem[]> {
  const items: FollowItem[] = []
  for await (const item of log.follow(stream, { after, signal: new AbortController().signal })) {
    items.push(item)
    if (items.length === count) break
  }
  return items
}

export const erasureCases = {
  'a blanked event keeps its place and loses its body': async (log: Log) => {
    const before = await append(log, 'room:1', ...ten)

    await log.blank('room:1', [3, 5, 99])

    const { events, first } = await log.read('room:1', { after: 0 })
    expect(first).toBe(1)
    expect(events).toEqual(
      before.map((event) => ([3, 5].includes(event.seq) ? { ...event, body: 'null' } : event)),
    )
  },

  'trimmed history says so to readers': async (log: Log) => {
    await append(log, 'room:1', ...ten)

    await log.trim('room:1', 6)
    await log.trim('room:1', 4)

    const page = await log.read('room:1', { after: 2 })
    expect([seqs(page.events), page.head, page.first]).toEqual([range(6, 10), 10, 6])
    expect(seqs(await log.last('room:1', { limit: 10 }))).toEqual(range(6, 10))
  },

  'trimmed history says so to followers': async (log: Log) => {
    await append(log, 'room:1', ...ten)
    await log.trim('room:1', 8)

    const items = await take(log, 'room:1', 2, 5)
    const unharmed = await take(log, 'room:1', 7, 4)

    expect(items.map((item) => ('mark' in item ? item : item.seq))).toEqual([
      { mark: 'history_gone', first: 8 },
      8,
      9,
      10,
      { mark: 'caught_up', seq: 10 },
    ])
    expect(unharmed[0]).toMatchObject({ seq: 8 })
  },

  'a stream that was trimmed to its end goes on counting': async (log: Log) => {
    await append(log, 'room:1', ...ten)
    await log.trim('room:1', 11)

    expect(await log.read('room:1', { after: 0 })).toEqual({ events: [], head: 10, first: 11 })
    expect((await append(log, 'room:1', 'next')).map(({ seq }) => seq)).toEqual([11])
    expect(await take(log, 'room:1', 0, 2)).toMatchObject([{ mark: 'history_gone', first: 11 }, { seq: 11 }])
  },

  'trimming does not forget retry keys': async (log: Log) => {
    const unit = { ops: [], appends: [{ stream: 'room:1', drafts: [draft('a')], key: 'k' }] }
    committed(await log.commit(unit))
    await append(log, 'room:1', 'b')

    await log.trim('room:1', 2)

    expect(await log.commit(unit)).toEqual({
      outcome: 'replayed',
      same: true,
      appended: [{ stream: 'room:1', firstSeq: 1, events: [] }],
    })
  },

  'a dropped stream is gone for its followers and its readers': async (log: Log) => {
    await append(log, 'room:1', ...ten)
    await append(log, 'room:2', 'stays')
    const follower = log
      .follow('room:1', { after: 10, signal: new AbortController().signal })
      [Symbol.asyncIterator]()
    await follower.next()

    await log.drop('room:1')

    expect((await follower.next()).value).toEqual({ mark: 'gone' })
    expect((await follower.next()).done).toBe(true)
    expect(await log.read('room:1', { after: 0 })).toMatchObject({ events: [], head: 0 })
    expect((await log.read('room:2', { after: 0 })).head).toBe(1)
  },
}
