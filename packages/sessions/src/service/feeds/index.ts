// Lends runtimes whose hosts are reached by URL what they need to bring events in: exactly once, from one node at a time.

import type { Ground } from '@parley/kernel/ground'
import type { Lease } from '@parley/kernel/leases'
import type { SessionRuntimeInfo } from '../../protocol/index.js'
import type { FedSession, HeldFeed, SessionFeed } from '../../runtimes/port.js'
import type { SessionRow, SessionsStore } from '../../store/port.js'
import { lifecycleStream } from '../intake/streams.js'
import type { Intake } from '../port.js'

type FeedsDeps = {
  ground: Ground
  store: Pick<SessionsStore, 'sessions'>
  intake: Intake
  onFault(error: unknown, where: string): void
}

export type Feeds = {
  /** For the context of a runtime. */
  of(typeName: string): SessionFeed
  /** Ends the work of every runtime; resolves when it has ended. */
  stop(): Promise<void>
}

const [againMs, lookAgainMs] = [1_000, 5_000]
/** Where the host's number of the last stored event is kept, beside what the runtime itself keeps. */
const positionKey = 'eventsPosition'

export function createFeeds(deps: FeedsDeps): Feeds {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  return {
    of: (typeName) => ({
      lead: (work) => {
        const run = leadAgain(deps, typeName, work, stopping.signal).finally(() => running.delete(run))
        running.add(run)
      },
    }),
    stop: async () => {
      stopping.abort()
      await Promise.all(running)
    },
  }
}

type Work = Parameters<SessionFeed['lead']>[0]

async function leadAgain(deps: FeedsDeps, typeName: string, work: Work, signal: AbortSignal): Promise<void> {
  const { leases, clock } = deps.ground
  while (!signal.aborted) {
    try {
      await using lease = await leases.acquire(`sessions.feed:${typeName}`, { signal })
      await work(heldFeed(deps, typeName, lease), AbortSignal.any([signal, lease.lost]))
    } catch (error) {
      if (!signal.aborted) deps.onFault(error, 'sessions.feeds')
    }
    await clock.sleep(againMs, signal).catch(() => undefined)
  }
}

function heldFeed(deps: FeedsDeps, typeName: string, lease: Lease): HeldFeed {
  const { store, intake } = deps
  const rows = new Map<string, SessionRow>()
  return {
    sessions: async () => {
      const active = await store.sessions.listActive()
      const own = active.filter(
        ({ runtimeType, runtimeInfo }) => runtimeType === typeName && runtimeInfo !== null,
      )
      rows.clear()
      for (const row of own) rows.set(row.id, row)
      return own.map(toFed)
    },
    changed: (signal) => changed(deps.ground, signal),
    take: async (sessionId, events, position) => {
      const info = rows.get(sessionId)?.runtimeInfo
      if (!info) return false
      const incoming = events.map((event) => ({ sessionId, event }))
      const moved = store.sessions.change(sessionId, { runtimeInfo: withPosition(info, position) })
      return intake.take(incoming, { guards: [lease.guard(), moved] })
    },
  }
}

function toFed({ id, runtimeInfo }: SessionRow): FedSession {
  const position = runtimeInfo?.runtimeMeta?.[positionKey]
  return {
    sessionId: id,
    websocketUrl: runtimeInfo?.websocketUrl ?? '',
    position: typeof position === 'number' ? position : 0,
  }
}

const withPosition = (info: SessionRuntimeInfo, position: number): SessionRuntimeInfo => ({
  ...info,
  runtimeMeta: { ...info.runtimeMeta, [positionKey]: position },
})

/** Sessions begin and end on any node; a signal may be lost, so it is looked now and then as well. */
async function changed({ log, clock }: Ground, signal: AbortSignal): Promise<void> {
  const woken = new AbortController()
  const stopTap = log.tap(lifecycleStream, { signal: () => woken.abort() })
  try {
    await clock
      .sleep(lookAgainMs, AbortSignal.any([signal, woken.signal]))
      .catch(() => signal.throwIfAborted())
  } finally {
    stopTap()
  }
}
