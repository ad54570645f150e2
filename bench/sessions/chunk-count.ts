import { quantile } from '../lib/stats.js'
import { readChunk } from './chunk.js'

/** What arrived: pieces a second from the prompt to the last one, and their age in milliseconds. */
export type Arrived = { perSecond: number; p50: number; p99: number }

/** Counts pieces of answers of several sessions until each has sent `count`. Rejects when one is missing. */
export function countChunks(sessions: readonly string[], count: number) {
  const lasts = new Map(sessions.map((id) => [id, 0]))
  const ages: number[] = []
  const began = performance.now()
  let left = sessions.length * count
  let settle: { resolve(arrived: Arrived): void; reject(error: Error): void }
  const arrived = new Promise<Arrived>((resolve, reject) => {
    settle = { resolve, reject }
  })
  const take = (session: string, text: string) => {
    const { n, at } = readChunk(text)
    if (n !== (lasts.get(session) ?? 0) + 1)
      settle.reject(new Error(`${session}: piece ${n} came out of order.`))
    lasts.set(session, n)
    ages.push(performance.timeOrigin + performance.now() - at)
    left -= 1
    if (left > 0) return
    const seconds = (performance.now() - began) / 1000
    const perSecond = (sessions.length * count) / seconds
    settle.resolve({ perSecond, p50: quantile(ages, 0.5), p99: quantile(ages, 0.99) })
  }
  return { take, arrived }
}
