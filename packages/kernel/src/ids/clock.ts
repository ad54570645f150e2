import type { Micros } from './brand.js'

/** Undoes what the call that returned it began. Calling it twice is harmless. */
export type Stop = () => void

/** The only source of time. Tests inject a fake one, so nothing may call `Date.now` or `setTimeout` itself. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Microseconds since 1970. */
  micros(): Micros
  /** Runs `fn` once after `ms`. A pending timer never keeps the process alive. */
  after(ms: number, fn: () => void): Stop
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Builds `sleep` for any clock that has `after`. */
export function sleepWith(after: Clock['after'], ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      stop()
      reject(signal?.reason)
    }
    const stop = after(ms, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

function after(ms: number, fn: () => void): Stop {
  const timer = setTimeout(fn, ms)
  timer.unref?.()
  return () => clearTimeout(timer)
}

/** How far the fine clock may be from the wall's, in milliseconds, before it is set anew. */
const maxDriftMs = 1_000
let originMs: number | undefined

// WHY: `performance.now` stands still while the machine sleeps and does not follow when its time is set. Left alone,
//      sessions would live longer by every sleep, and nodes would disagree.
function micros(): Micros {
  const wall = Date.now()
  originMs ??= performance.timeOrigin
  if (Math.abs(wall - (originMs + performance.now())) > maxDriftMs) originMs = wall - performance.now()
  return Math.floor((originMs + performance.now()) * 1000)
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  micros,
  after,
  sleep: (ms, signal) => sleepWith(after, ms, signal),
}
