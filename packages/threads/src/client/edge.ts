// The world outside the client. Nothing else in this folder touches globals for time, chance or network.

/** Undoes what the call that returned it began. */
export type Stop = () => void

/** Time, as a client needs it. A kernel `Clock` fits. */
export type Timers = {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `fn` once after `ms`. */
  after(ms: number, fn: () => void): Stop
}

/** Pauses between attempts to connect, in milliseconds: doubled from `minMs` up to `maxMs`, and spread. */
export type Pauses = { minMs: number; maxMs: number }

/** Everything that comes from outside. */
export type Edge = {
  fetch: typeof globalThis.fetch
  timers: Timers
  /** A text that nobody else makes up. */
  randomId(): string
  pauses: Pauses
}

/** The globals, where the caller gave nothing else. */
export function edgeOf(given: Partial<Edge> = {}): Edge {
  return {
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timers: given.timers ?? globalTimers,
    randomId: given.randomId ?? randomId,
    pauses: given.pauses ?? { minMs: 500, maxMs: 30_000 },
  }
}

/** The pause after so many failures in a row. */
export function pauseAfter(failures: number, { minMs, maxMs }: Pauses): number {
  return Math.min(maxMs, minMs * 2 ** Math.min(failures, 20))
}

const globalTimers: Timers = {
  now: () => Date.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms)
    return () => clearTimeout(timer)
  },
}

// OUTSIDE: a page that came over plain http has `crypto`, but no `randomUUID` in it.
function randomId(): string {
  const { crypto } = globalThis
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
