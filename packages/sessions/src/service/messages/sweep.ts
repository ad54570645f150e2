import type { Clock } from '@parley/kernel/ids'
import type { SessionsStore } from '../../store/port.js'

type SweepOptions = {
  store: SessionsStore
  clock: Clock
  wake(sessionId: string): void
  onFault(error: unknown, where: string): void
}

const everyMs = 30_000

/** Sessions that live and have messages to be sent, those included that a node which ended was sending. */
async function waitingSessions(store: SessionsStore): Promise<{ id: string; hostId: string | null }[]> {
  const sending = (await store.messages.listSending()).flatMap(({ sessionId }) => sessionId ?? [])
  const ids = new Set([...(await store.messages.sessionsWaiting()), ...sending])
  if (ids.size === 0) return []
  return (await store.sessions.findMany([...ids])).filter(({ status }) => status === 'active')
}

/** Looks at the start and now and then what waits: events that would tell of it may have been another node's. */
export function startSweep({ store, clock, wake, onFault }: SweepOptions): () => Promise<void> {
  const stopping = new AbortController()
  const done = (async () => {
    while (!stopping.signal.aborted) {
      await waitingSessions(store).then(
        (found) => {
          for (const { id } of found) wake(id)
        },
        (error) => onFault(error, 'sessions.messages'),
      )
      await clock.sleep(everyMs, stopping.signal).catch(() => undefined)
    }
  })()
  return () => {
    stopping.abort()
    return done
  }
}
