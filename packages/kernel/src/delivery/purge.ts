import type { Clock } from '../ids/index.js'
import type { Outbox } from './port.js'

export type PurgeOptions = {
  outbox: Pick<Outbox, 'purge'>
  clock: Clock
  /** Only this one: other planes keep their deliveries as long as they say. */
  queue: string
  keepDays: number
  onFault(error: unknown): void
}

const [minuteMs, hourMs] = [60_000, 3_600_000]

/**
 * Forgets what left or died long ago, a minute after the start and every hour, on every node: doing it twice is harmless.
 * Answers how to stop; it waits for what is under way.
 */
export function startPurge({ outbox, clock, queue, keepDays, onFault }: PurgeOptions): () => Promise<void> {
  const stopping = new AbortController()
  const pause = (ms: number) => clock.sleep(ms, stopping.signal).catch(() => undefined)
  const done = (async () => {
    await pause(minuteMs)
    while (!stopping.signal.aborted) {
      const before = clock.micros() - keepDays * 24 * hourMs * 1_000
      await outbox.purge(before, queue).catch(onFault)
      await pause(hourMs)
    }
  })()
  return () => {
    stopping.abort()
    return done
  }
}
