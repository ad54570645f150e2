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

/** The part of a WebSocket that the client uses; a browser's and that of `ws` both fit. */
export type SocketLike = {
  readonly readyState: number
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void
}

/** Makes a WebSocket. */
export type SocketConstructor = new (url: string) => SocketLike

/** Everything that comes from outside. */
export type Edge = {
  fetch: typeof globalThis.fetch
  WebSocket: SocketConstructor | undefined
  timers: Timers
  /** From 0 up to, but not including, 1. Spreads reconnects, so it needs no secrecy. */
  random(): number
  /** Pauses between attempts, in milliseconds; the last one is for all that follow. */
  pauses: readonly number[]
  /** Address of the page, where there is one: what a relative base is below of. */
  page: string | undefined
}

/** The globals, where the caller gave nothing else. */
export function edgeOf(given: Partial<Edge> = {}): Edge {
  return {
    fetch: given.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    WebSocket: given.WebSocket ?? globalSocket(),
    timers: given.timers ?? globalTimers,
    random: given.random ?? (() => Math.random()),
    pauses: given.pauses ?? [1_000, 2_000, 4_000, 8_000, 16_000, 30_000],
    page: given.page ?? globalThis.location?.href,
  }
}

/** The pause after so many failures in a row, spread by a fifth in both directions. */
export function pauseAfter(failures: number, { pauses, random }: Pick<Edge, 'pauses' | 'random'>): number {
  const pause = pauses[Math.min(failures, pauses.length - 1)] ?? 0
  return pause * (0.8 + 0.4 * random())
}

// Absent in Node before version 22.
function globalSocket(): SocketConstructor | undefined {
  // The cast: a browser's has every member that is used here.
  return globalThis.WebSocket as SocketConstructor | undefined
}

const globalTimers: Timers = {
  now: () => Date.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms)
    return () => clearTimeout(timer)
  },
}
