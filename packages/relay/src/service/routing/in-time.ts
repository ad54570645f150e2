import type { Clock } from '@parley/kernel/ids'

/** What a platform is asked for, ended after `ms`, whatever it does. Rejects when it came too late; its own signal is aborted then. */
export async function inTime<T>(
  clock: Clock,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  const ended = new Promise<never>((_, reject) => {
    ending.signal.addEventListener('abort', () => reject(ending.signal.reason), { once: true })
  })
  const stop = clock.after(ms, () => ending.abort(new Error('the platform did not answer in time')))
  try {
    return await Promise.race([work(ending.signal), ended])
  } finally {
    stop()
  }
}
