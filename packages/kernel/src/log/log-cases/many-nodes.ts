import { expect } from 'vitest'
import type { Log, StoredEvent } from '../port.js'
import {
  append,
  committed,
  deafBus,
  draft,
  followTo,
  halfDeaf,
  type NodeOptions,
  range,
  seqs,
} from './nodes.js'

type NodeCase = { options: NodeOptions; run(one: Log, two: Log): Promise<void> }

const lossy: NodeOptions = { wrapBus: halfDeaf, limits: { repairMs: 50 } }
const deaf: NodeOptions = { wrapBus: deafBus, limits: { repairMs: 50 } }

/** Appends on both nodes while both are followed. */
async function appendAndFollow(one: Log, two: Log): Promise<void> {
  const followers = [one, two, one, two].map((log) => followTo(log, 'room:1', 200))
  const appenders = range(1, 20).map(async (n) => {
    for (let turn = 0; turn < 10; turn++) await append(n % 2 ? one : two, 'room:1', { n, turn })
  })

  await Promise.all(appenders)

  for (const items of await Promise.all(followers)) expect(seqs(items)).toEqual(range(1, 200))
}

async function followsKindOfOther(one: Log, two: Log): Promise<void> {
  const ofKind = two.followKind('room', { signal: new AbortController().signal })[Symbol.asyncIterator]()
  const appenders = range(0, 4).map(async (n) => {
    for (let turn = 0; turn < 20; turn++) await append(turn % 2 ? one : two, `room:${n}`, turn)
  })
  const events: StoredEvent[] = []

  while (events.length < 100) events.push((await ofKind.next()).value)
  await Promise.all(appenders)
  await ofKind.return?.()

  for (const n of range(0, 4))
    expect(seqs(events.filter(({ stream }) => stream === `room:${n}`))).toEqual(range(1, 20))
}

/** Two nodes on one ground. */
export const nodeCases = {
  'two nodes that append to one stream leave no gap for anybody': {
    options: {},
    run: appendAndFollow,
  },

  'a bus that loses half of its messages hides nothing': { options: lossy, run: appendAndFollow },

  'a bus that loses every message hides nothing': { options: deaf, run: appendAndFollow },

  'a tap hears the events of another node in order': {
    options: {},
    run: async (one, two) => {
      await append(one, 'room:1', 'before')
      const heard: StoredEvent[] = []
      const all = new Promise<void>((resolve) => {
        two.tap('room:1', {
          events: (events) => {
            heard.push(...events)
            if (heard.at(-1)?.seq === 61) resolve()
          },
        })
      })
      await two.read('room:1', { after: 0 })

      for (const n of range(1, 30)) await Promise.all([append(one, 'room:1', n), append(two, 'room:1', n)])
      await all

      // The first append's own hint may come after the tap: then that event counts as news.
      const first = heard[0]?.seq ?? 0
      expect([1, 2]).toContain(first)
      expect(seqs(heard)).toEqual(range(first, 61))
    },
  },

  'a tap that reads nothing is told that it may have missed something, once': {
    options: deaf,
    run: async (one, two) => {
      const [told, events]: [string[], StoredEvent[]] = [[], []]
      await append(one, 'room:1', 'before')
      two.tap('room:1', {
        missed: () => void told.push('missed'),
        events: (more) => void events.push(...more),
      })

      await append(one, 'room:1', 'after')
      await expect.poll(() => told.length).toBeGreaterThan(0)
      await append(one, 'room:1', 'later')
      await expect.poll(() => events.length).toBeGreaterThan(0)

      expect(told).toEqual(['missed'])
      expect(seqs(events).at(-1)).toBe(3)
    },
  },

  'a tap on a stream that is not there yet misses nothing': {
    options: deaf,
    run: async (one, two) => {
      const told: string[] = []
      const events: StoredEvent[] = []
      two.tap('room:1', {
        missed: () => void told.push('missed'),
        events: (more) => void events.push(...more),
      })

      await append(one, 'room:1', 'first')

      await expect.poll(() => told.length + events.length).toBeGreaterThan(0)
    },
  },

  'a follower of a kind hears every stream of another node': { options: {}, run: followsKindOfOther },

  'a signal reaches the followers on another node': {
    options: {},
    run: async (one, two) => {
      const follower = two.follow('room:1', { signal: new AbortController().signal })[Symbol.asyncIterator]()
      await follower.next()

      one.signal('room:1', 'typing')

      expect((await follower.next()).value).toEqual({ mark: 'signal', payload: 'typing' })
      await follower.return?.()
    },
  },

  'a dropped stream is gone on another node': {
    options: {},
    run: async (one, two) => {
      await append(one, 'room:1', 'a')
      const follower = two
        .follow('room:1', { after: 1, signal: new AbortController().signal })
        [Symbol.asyncIterator]()
      await follower.next()

      await one.drop('room:1')

      expect((await follower.next()).value).toEqual({ mark: 'gone' })
    },
  },

  'a drop whose message was lost is found out': {
    options: deaf,
    run: async (one, two) => {
      await append(one, 'room:1', 'a')
      const follower = two
        .follow('room:1', { after: 1, signal: new AbortController().signal })
        [Symbol.asyncIterator]()
      await follower.next()

      await one.drop('room:1')

      expect((await follower.next()).value).toEqual({ mark: 'gone' })
    },
  },

  'a key that two nodes use at once counts once': {
    options: {},
    run: async (one, two) => {
      const unit = (n: number) => ({
        ops: [],
        appends: [{ stream: 'room:1', drafts: [draft(n)], key: `k${n}` }],
      })

      const results = await Promise.all(
        range(1, 20).flatMap((n) => [one.commit(unit(n)), two.commit(unit(n))]),
      )

      const first = results
        .filter(({ outcome }) => outcome === 'committed')
        .flatMap((result) => committed(result))
      expect(results.filter((result) => result.outcome === 'replayed' && result.same)).toHaveLength(20)
      expect(first.map(({ firstSeq }) => firstSeq).sort((a, b) => a - b)).toEqual(range(1, 20))
    },
  },
} satisfies Record<string, NodeCase>
