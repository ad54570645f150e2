import { median } from '../lib/stats.js'
import type { Load } from './load.js'
import type { LoadOptions } from './load-role.js'

/** A server under load: where it listens, and the processor time it has used. */
export type Target = { port: number; cpuSeconds(): Promise<number> }

/** One turn. `cpuMicros`: processor time of the server for each request, all its threads together. */
export type Turn = { perSecond: number; cpuMicros: number }

/** Sends load to a server and looks at what it cost there: a figure that other programs on the machine disturb less. */
export async function runTurn(load: Load, target: Target, options: Omit<LoadOptions, 'port'>): Promise<Turn> {
  const before = await target.cpuSeconds()
  const { perSecond, requests } = await load.run({ ...options, port: target.port })
  return { perSecond, cpuMicros: (((await target.cpuSeconds()) - before) * 1e6) / requests }
}

/** What requests cost in processor time, medians over the rounds. */
export function cpuNote(ours: readonly Turn[], baseline: readonly Turn[]): string {
  const cost = (turns: readonly Turn[]) => Math.round(median(turns.map(({ cpuMicros }) => cpuMicros)))
  return `server CPU ${cost(ours)} µs a request (baseline ${cost(baseline)})`
}

export const rates = (turns: readonly Turn[]): number[] => turns.map(({ perSecond }) => perSecond)
