import type { LoopResult } from '../lib/closed-loop.js'
import { median } from '../lib/stats.js'

/** How long a caller waited, medians over the rounds. */
export function latencyNote(rounds: readonly Pick<LoopResult, 'p50' | 'p99'>[]): string {
  const p50 = median(rounds.map((round) => round.p50))
  const p99 = median(rounds.map((round) => round.p99))
  return `acknowledged p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(1)} ms`
}
