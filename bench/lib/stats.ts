/** Middle value; the mean of the two middle ones for an even count. Throws for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const upper = at(sorted, half)
  return sorted.length % 2 === 1 ? upper : (at(sorted, half - 1) + upper) / 2
}

/** The value that a `share` (0 to 1) of all values does not pass (nearest rank). Throws for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return at(sorted, Math.max(0, Math.ceil(share * sorted.length) - 1))
}

/** Ratio of two sides that took turns: `median` of the ratios round by round, with the lowest and the highest. */
export type Ratio = { median: number; low: number; high: number }

/**
 * Compares round by round: what slows both sides of a round down (another program, a busy disk) cancels out.
 * Throws when the sides have not the same number of rounds.
 */
export function ratioOf(ours: readonly number[], baseline: readonly number[]): Ratio {
  if (ours.length !== baseline.length) throw new Error('Both sides need the same number of rounds.')
  const ratios = ours.map((value, round) => value / at(baseline, round))
  return { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) }
}

function at(values: readonly number[], index: number): number {
  const value = values[index]
  if (value === undefined) throw new Error('There are no values.')
  return value
}
