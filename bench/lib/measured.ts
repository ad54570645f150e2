import { median, type Ratio, ratioOf } from './stats.js'

/** What `design.md` wants: of the ratio, of our own value, or of our value minus the baseline's. */
export type Aim = { of: 'ratio' | 'ours' | 'difference'; atLeast?: number; atMost?: number }

export type Unit = '/s' | 'MB/s' | 'ms' | 'µs' | 'KiB'

/** One line of a report. */
export type Measured = {
  /** What was measured, for example `32 writers`. */
  what: string
  unit: Unit
  /** Median over the rounds. */
  ours: number
  baseline?: { name: string; value: number; ratio: Ratio }
  aim?: Aim
  /** Said behind the line. */
  note?: string
}

export type Comparing = {
  what: string
  unit: Unit
  ours: readonly number[]
  baseline: { name: string; values: readonly number[] }
  aim?: Aim
  note?: string
}

/** A line from the rounds of two sides. */
export function compare({ ours, baseline, ...line }: Comparing): Measured {
  const ratio = ratioOf(ours, baseline.values)
  return {
    ...line,
    ours: median(ours),
    baseline: { name: baseline.name, value: median(baseline.values), ratio },
  }
}

/** Whether a line reaches its aim; undefined for one without. */
export function isReached({ aim, ours, baseline }: Measured): boolean | undefined {
  if (!aim) return undefined
  const value = { ours, ratio: baseline?.ratio.median, difference: ours - (baseline?.value ?? 0) }[aim.of]
  if (value === undefined) return undefined
  return value >= (aim.atLeast ?? -Infinity) && value <= (aim.atMost ?? Infinity)
}
