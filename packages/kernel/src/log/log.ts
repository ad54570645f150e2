import type { Bus } from '../bus/index.js'
import { kernelErrors } from '../errors/index.js'
import type { Clock, Stop, StreamId } from '../ids/index.js'
import type { Feed } from './feed.js'
import { Follower } from './follower.js'
import type { CommitGroup, Journal } from './journal.js'
import { KindFollower } from './kind-follower.js'
import { defaultLogLimits, type LogLimits } from './limits.js'
import type { FollowItem, Log, Page, StoredEvent } from './port.js'
import { Publisher } from './publisher.js'
import { startRepair } from './repair.js'

export type LogOptions = {
  /** The log closes it. */
  journal: Journal
  bus: Bus
  clock: Clock
  /** True when no other node writes to this ground: no hints are needed then, and nothing is repaired. */
  exclusive: boolean
  /** Told of faults that have no caller: a tap that threw, a read on behalf of a hint that failed. */
  onFault(error: unknown, where: string): void
  limits?: Partial<LogLimits>
}

/** What a log holds in memory now. */
export type LogStats = { streams: number; taps: number; followers: number }

/** A log that can be looked at by metrics and tests. */
export interface ObservedLog extends Log {
  stats(): LogStats
}

const defaultRead = 500
const maxRead = 10_000

/** The log of one node: a journal that remembers, a bus that hints, and everybody here who listens. */
export function createLog(options: LogOptions): ObservedLog {
  const { journal, bus, clock, exclusive, onFault } = options
  const limits = { ...defaultLogLimits, ...options.limits }
  const publisher = new Publisher({ journal, exclusive, limits, now: () => clock.micros(), onFault })
  const feeds = new Set<Feed<FollowItem> | Feed<StoredEvent>>()
  const stops = [
    journal.onCommit((group) => {
      publisher.committed(group)
      bus.moved(headsOf(group))
    }),
    bus.onMoved((heads) => publisher.moved(heads)),
    bus.onSignal((stream, payload) => publisher.signalled(stream, payload)),
    ...(exclusive ? [] : [repairs({ journal, publisher, clock, everyMs: limits.repairMs, onFault }, bus)]),
  ]
  let closing: Promise<void> | undefined

  const assertOpen = (): void => {
    if (closing) throw kernelErrors.closed({ message: 'The log is closed.' })
  }

  const read = async (
    stream: StreamId,
    { after, limit }: { after: number; limit: number },
  ): Promise<Page> => {
    assertOpen()
    const page = await journal.read(stream, { after, limit })
    publisher.noticed(stream, page.head)
    return page
  }

  const source = {
    read,
    limits,
    tap: publisher.tap.bind(publisher),
    tapKind: publisher.tapKind.bind(publisher),
    opened: (feed: Feed<FollowItem> | Feed<StoredEvent>): Stop => {
      feeds.add(feed)
      return () => feeds.delete(feed)
    },
  }

  const close = async (): Promise<void> => {
    for (const feed of feeds) feed.end()
    // The journal first: the groups it still commits have to reach the other nodes.
    await journal.close()
    for (const stop of stops) stop()
  }

  return {
    commit: async (unit) => {
      assertOpen()
      return await journal.commit(unit)
    },
    read: (stream, { after, limit = defaultRead }) =>
      read(stream, { after: Math.max(0, after), limit: clampLimit(limit) }),
    last: async (stream, { limit, before }) => {
      assertOpen()
      return await journal.last(stream, { limit: clampLimit(limit), before })
    },
    find: async (stream, id) => {
      assertOpen()
      return await journal.find(stream, id)
    },
    follow: (stream, followOptions) => ({
      [Symbol.asyncIterator]: () => {
        assertOpen()
        return new Follower(source, stream, followOptions).feed
      },
    }),
    followKind: (kind, { signal }) => {
      assertOpen()
      return new KindFollower(source, kind, signal).feed
    },
    tap: (stream, tap) => {
      assertOpen()
      return publisher.tap(stream, tap)
    },
    signal: (stream, payload) => {
      if (closing) return
      // The bus first: it refuses what is too large.
      bus.signal(stream, payload)
      publisher.signalled(stream, payload)
    },
    blank: async (stream, seqs) => {
      assertOpen()
      await journal.blank(stream, seqs)
    },
    trim: async (stream, before) => {
      assertOpen()
      await journal.trim(stream, before)
    },
    drop: async (stream) => {
      assertOpen()
      await journal.drop(stream)
      publisher.gone(stream)
      bus.moved([{ stream, seq: 0 }])
    },
    close: () => {
      closing ??= close()
      return closing
    },
    stats: () => ({ ...publisher.counts, followers: feeds.size }),
  }
}

const clampLimit = (limit: number): number => Math.min(Math.max(0, limit), maxRead)

const headsOf = (group: CommitGroup) =>
  group.map(({ stream, events }) => ({ stream, seq: events.at(-1)?.seq ?? 0 })).filter(({ seq }) => seq > 0)

function repairs(options: Parameters<typeof startRepair>[0], bus: Bus): Stop {
  const repair = startRepair(options)
  const stopListening = bus.onGap?.(() => repair.soon())
  return () => {
    stopListening?.()
    repair.stop()
  }
}
