import { median } from '../lib/stats.js'
import type { Client } from './starting.js'

/** One turn of one side. Processor microseconds for each frame, of all threads. */
export type Turn = { count: number; perSecond: number; server: number; client: number }

type Busy = { cpuSeconds(): Promise<number> }

/** Runs a turn and looks at what a frame costs: a figure that other programs on the machine disturb less. */
export async function withCost(
  { server, client }: { server: Busy; client: Client },
  work: () => Promise<{ count: number; perSecond: number }>,
): Promise<Turn> {
  const seconds = () => Promise.all([server.cpuSeconds(), client.cpuSeconds()])
  const before = await seconds()
  const { count, perSecond } = await work()
  const after = await seconds()
  const each = (of: 0 | 1) => ((after[of] - before[of]) * 1e6) / count
  return { count, perSecond, server: each(0), client: each(1) }
}

/** Medians over the rounds. */
export function costNote(ours: readonly Turn[], bare: readonly Turn[]): string {
  const of = (turns: readonly Turn[], who: 'server' | 'client') =>
    Math.round(median(turns.map((turn) => turn[who])))
  return `CPU a frame: server ${of(ours, 'server')} µs (bare ${of(bare, 'server')}), client ${of(ours, 'client')} µs (bare ${of(bare, 'client')})`
}

export const rates = (turns: readonly Turn[]): number[] => turns.map(({ perSecond }) => perSecond)
