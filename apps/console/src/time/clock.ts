/** Ends what was started; calling it again does nothing. */
export type Stop = () => void

/** Time as the page sees it. Handed in everywhere, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Runs `task` once, `ms` from now. */
  after(ms: number, task: () => void): Stop
  /** Runs `task` every `ms`. */
  every(ms: number, task: () => void): Stop
}

/** The browser's own clock. */
export const browserClock: Clock = {
  now: () => Date.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
  every: (ms, task) => {
    const timer = setInterval(task, ms)
    return () => clearInterval(timer)
  },
}
