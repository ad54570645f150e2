/** Something of which so many are under way at once: a new one begins when one is over. */
export type ClosedWindow = {
  /** Keeps `inFlight` under way until `ms` are over or `most` were begun, and lets the last ones end. */
  run(options: { inFlight: number; ms?: number; most?: number }): Promise<WindowResult>
  /** So many are over. */
  over(count: number): void
}
export type WindowResult = { count: number; perSecond: number }

/** How long nothing may come to an end. */
const stallMs = 60_000

/** `begin` begins one. */
export function closedWindow(begin: () => void): ClosedWindow {
  let [open, left, until, count] = [0, 0, 0, 0]
  let done: (() => void) | undefined

  const begunIfLeft = () => {
    if (left <= 0 || performance.now() >= until) return
    open += 1
    left -= 1
    begin()
  }
  return {
    over: (some) => {
      count += some
      open -= some
      for (let n = 0; n < some; n++) begunIfLeft()
      if (open <= 0) done?.()
    },
    run: async ({ inFlight, ms = Number.POSITIVE_INFINITY, most = Number.POSITIVE_INFINITY }) => {
      const began = performance.now()
      ;[open, left, until, count] = [0, most, began + ms, 0]
      const ended = new Promise<void>((resolve) => {
        done = resolve
      })
      const watching = watch(() => count)
      for (let n = 0; n < inFlight; n++) begunIfLeft()
      await Promise.race([ended, watching.stalled])
      watching.stop()
      done = undefined
      return { count, perSecond: count / ((performance.now() - began) / 1_000) }
    },
  }
}

/** `stalled` rejects when the count stands still for too long. */
function watch(count: () => number): { stalled: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  const stalled = new Promise<never>((_, reject) => {
    let last = -1
    timer = setInterval(() => {
      if (count() === last) reject(new Error(`Nothing has come to an end for ${stallMs / 1_000} s.`))
      last = count()
    }, stallMs)
  })
  return { stalled, stop: () => clearInterval(timer) }
}
