import type { Outbox } from '@parley/kernel/delivery'
import type { Clock } from '@parley/kernel/ids'
import { queueName } from './enqueue.js'

type PurgeOptions = { outbox: Outbox; clock: Clock; onFault(error: unknown, where: string): void }

const [minuteMs, hourMs] = [60_000, 3_600_000]
const keepDays = 7

/**
 * Forgets what left or died a week ago, a minute after the start and every hour, on every node: doing it twice is harmless.
 * Answers how to stop; it waits for what is under way.
 */
export function startPurge({ outbox, clock, onFault }: PurgeOptions): () => Promise<void> {
  const stopping = new AbortController()
  const pause = (ms: number) => clock.sleep(ms, stopping.signal).catch(() => undefined)
  const done = (async () => {
    await pause(minuteMs)
    while (!stopping.signal.aborted) {
      const before = clock.micros() - keepDays * 24 * hourMs * 1_000
      await outbox.purge(before, queueName).catch((error) => onFault(error, 'sessions.webhooks'))
      await pause(hourMs)
    }
  })()
  return () => {
    stopping.abort()
    return done
  }
}
