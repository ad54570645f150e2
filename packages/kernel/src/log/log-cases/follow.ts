import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'vitest'
import type { FollowItem, Log, StoredEvent } from '../port.js'
import { append, appendMany, eventsIn, followTo, range, seqs } from './nodes.js'

const turns = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n++) await turn()
}

export const followCases = {
  'a follower gets history, then the mark, then what is new': async (log: Log) => {
    await append(log, 'room:1', 'a', 'b', 'c')
    const items: FollowItem[] = []

    for await (const item of log.follow('room:1', { after: 1, signal: new AbortController().signal })) {
      items.push(item)
      if ('mark' in item) await append(log, 'room:1', 'd')
      else if (item.seq === 4) break
    }

    expect(items.map((item) => ('mark' in item ? item : item.seq))).toEqual([
      2,
      3,
      { mark: 'caught_up', seq: 3 },
      4,
    ])
    expect(eventsIn(items)).toEqual((await log.read('room:1', { after: 1 })).events)
  },

  'a follower of an empty stream is caught up at once': async (log: Log) => {
    const items: FollowItem[] = []
    for await (const item of log.follow('room:1', { signal: new AbortController().signal })) {
      items.push(item)
      break
    }

    expect(items).toEqual([{ mark: 'caught_up', seq: 0 }])
  },

  'followers that join at random times see no gap and no repeat': async (log: Log) => {
    const late = async (n: number) => {
      await turns(n)
      const { head } = await log.read('room:1', { after: 0, limit: 1 })
      const after = Math.floor(head / 2)
      return { after, items: await followTo(log, 'room:1', 250, after) }
    }
    const followers = range(1, 20).map(late)

    const appenders = range(1, 50).map(async (n) => {
      for (let turn = 0; turn < 5; turn++) await append(log, 'room:1', { n, turn })
    })
    await Promise.all(appenders)

    for (const { after, items } of await Promise.all(followers)) {
      expect(seqs(items)).toEqual(range(after + 1, 250))
      expect(items.filter((item) => 'mark' in item).length).toBeLessThanOrEqual(1)
    }
  },

  'a follower that stalls is fed from the log, with one mark': async (log: Log) => {
    const follower = log.follow('room:1', { signal: new AbortController().signal })[Symbol.asyncIterator]()
    expect((await follower.next()).value).toEqual({ mark: 'caught_up', seq: 0 })

    await appendMany(log, 'room:1', 2000)
    const items: FollowItem[] = []
    while (items.length < 2000) items.push((await follower.next()).value)
    await append(log, 'room:1', 'after the stall')
    items.push((await follower.next()).value)
    await follower.return?.()

    expect(items.map((item) => ('mark' in item ? item : item.seq))).toEqual(range(1, 2001))
  },

  'a follower ends when its signal aborts': async (log: Log) => {
    const controller = new AbortController()
    const follower = log.follow('room:1', { signal: controller.signal })[Symbol.asyncIterator]()
    await follower.next()
    const waiting = follower.next()

    controller.abort()

    expect((await waiting).done).toBe(true)
    expect((await follower.next()).done).toBe(true)
  },

  'closing the log ends its followers': async (log: Log) => {
    const { signal } = new AbortController()
    const follower = log.follow('room:1', { signal })[Symbol.asyncIterator]()
    const ofKind = log.followKind('room', { signal })[Symbol.asyncIterator]()
    await follower.next()
    const waiting = [follower.next(), ofKind.next()]

    await log.close()

    expect((await Promise.all(waiting)).map(({ done }) => done)).toEqual([true, true])
  },

  'live events are pushed in order, to every tap, before the commit answers': async (log: Log) => {
    const pushed: StoredEvent[][] = [[], []]
    const stops = pushed.map((list) => log.tap('room:1', { events: (events) => void list.push(...events) }))

    await appendMany(log, 'room:1', 100)
    for (const stop of stops) stop()
    await append(log, 'room:1', 'unheard')

    for (const list of pushed) expect(seqs(list)).toEqual(range(1, 100))
    expect(pushed[0]).toEqual((await log.read('room:1', { after: 0, limit: 100 })).events)
  },

  'signals reach taps and followers of their stream': async (log: Log) => {
    const heard: string[] = []
    log.tap('room:1', { signal: (payload) => void heard.push(payload) })
    const follower = log.follow('room:1', { signal: new AbortController().signal })[Symbol.asyncIterator]()
    await follower.next()

    log.signal('room:2', 'elsewhere')
    log.signal('room:1', 'typing')

    expect((await follower.next()).value).toEqual({ mark: 'signal', payload: 'typing' })
    expect(heard).toEqual(['typing'])
    await follower.return?.()
  },

  'a follower of a kind gets what is new in all its streams': async (log: Log) => {
    await append(log, 'room:old', 'before')
    const ofKind = log.followKind('room', { signal: new AbortController().signal })[Symbol.asyncIterator]()

    await append(log, 'room:1', 'a')
    await append(log, 'roommate:1', 'not of this kind')
    await append(log, 'room:old', 'b')
    await append(log, 'room:1', 'c')
    const events = [await ofKind.next(), await ofKind.next(), await ofKind.next()].map(({ value }) => value)
    await ofKind.return?.()

    expect(seqs(events.filter(({ stream }) => stream === 'room:1'))).toEqual([1, 2])
    expect(seqs(events.filter(({ stream }) => stream === 'room:old'))).toEqual([2])
  },

  'a follower of a kind that stalls misses nothing': async (log: Log) => {
    const ofKind = log.followKind('room', { signal: new AbortController().signal })[Symbol.asyncIterator]()

    await Promise.all(range(1, 900).map((n) => append(log, `room:${n % 7}`, n)))
    const events: StoredEvent[] = []
    while (events.length < 900) events.push((await ofKind.next()).value)
    await ofKind.return?.()

    for (const n of range(0, 6)) {
      const own = seqs(events.filter(({ stream }) => stream === `room:${n}`))
      expect(own).toEqual(range(1, own.length))
    }
  },
}
