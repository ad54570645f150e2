/** How much time a run may take. */
export type Budget = {
  name: 'full' | 'quick' | 'smoke'
  rounds: number
  /** Length of one side's turn. */
  roundMs: number
  /** Length of the turn before the first, whose result nobody looks at. */
  warmUpMs: number
}

/** `full` for figures to publish, `quick` for a look at everything, `smoke` to see that it runs at all. */
export const budgets = {
  full: { name: 'full', rounds: 5, roundMs: 2_000, warmUpMs: 1_500 },
  quick: { name: 'quick', rounds: 3, roundMs: 700, warmUpMs: 400 },
  smoke: { name: 'smoke', rounds: 1, roundMs: 100, warmUpMs: 20 },
} as const satisfies Record<string, Budget>

/** The first argument in a full run, the second in a quick one, the third in a smoke run. */
export function sized<T>({ name }: Budget, full: T, quick: T, smoke: T): T {
  return { full, quick, smoke }[name]
}
