import { quantile } from './stats.js'

/** Writers that each wait for an answer before the next call. */
export type ClosedLoop = { writers: number; ms: number; call(writer: number): Promise<unknown> }

/** Calls a second, and how long one took for its caller (milliseconds). */
export type LoopResult = { perSecond: number; p50: number; p99: number }

/** Runs the writers for `ms` and lets their last calls end. */
export async function closedLoop({ writers, ms, call }: ClosedLoop): Promise<LoopResult> {
  const taken: number[] = []
  const began = performance.now()
  const until = began + ms
  const write = async (writer: number) => {
    for (let now = began; now < until; ) {
      const start = now
      await call(writer)
      now = performance.now()
      taken.push(now - start)
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  const seconds = (performance.now() - began) / 1000
  return { perSecond: taken.length / seconds, p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) }
}
