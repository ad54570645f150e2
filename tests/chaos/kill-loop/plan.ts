import { type Random, randomFrom } from '../../fuzz/random.js'

// What a writer does in its n-th step follows from the seed, so the process that survives knows what the killed one
// was about to write.

export const writers = 16
export const streams = ['chaos:a', 'chaos:b', 'chaos:c', 'chaos:d', 'chaos:e']
/** Rows that several writers fight for. */
export const rows = ['red', 'green', 'blue']

/** Where a step stands: round and step count from 1, writers from 0. */
export type Step = { seed: number; round: number; writer: number; step: number }

export type Plan = {
  stream: string
  /** Events of the unit. */
  parts: number
  /** A row whose version the unit raises by one, if it still is what the writer read. */
  row?: string
  /** A retry key. Its unit also adds a receipt of that name, which a second one could not. */
  key?: string
  /** Whether the writer itself sends the unit twice. */
  isRepeated: boolean
}

export function planOf({ seed, round, writer, step }: Step): Plan {
  const random: Random = randomFrom(seed ^ (round * 1_000_003) ^ (writer * 7_919) ^ (step * 104_729))
  const what = random.below(10)
  const plan: Plan = { stream: random.pick(streams), parts: 1 + random.below(3), isRepeated: false }
  if (what < 3) return { ...plan, row: random.pick(rows) }
  if (what < 7) return { ...plan, key: `${round}-${writer}-${step}`, isRepeated: random.below(4) === 0 }
  return plan
}

/** The body of one event. `version` is that of the row after the unit. */
export type Body = Omit<Step, 'seed'> & { part: number; row?: string; version?: number }

export function bodiesOf(step: Step, { parts, row }: Plan, version?: number): Body[] {
  const { round, writer, step: n } = step
  const bodies = Array.from({ length: parts }, (_, part) => ({ round, writer, step: n, part }))
  return row === undefined ? bodies : bodies.map((body) => ({ ...body, row, version }))
}
