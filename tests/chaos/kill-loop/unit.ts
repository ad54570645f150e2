import type { Ground } from '@parley/kernel/ground'
import type { UnitResult } from '@parley/kernel/log'
import { bodiesOf, type Plan, type Step } from './plan.js'
import type { ChaosTables } from './tables.js'

/** Commits the unit of one step as it stands; a guard may refuse it. */
export async function commitStep(
  ground: Ground,
  tables: ChaosTables,
  step: Step,
  plan: Plan,
): Promise<UnitResult> {
  const { stream, row, key } = plan
  const version = row === undefined ? undefined : await tables.versionOf(row)
  const ops = [
    ...(row === undefined ? [] : [tables.raise(row, version!, nameOf(step))]),
    ...(key === undefined ? [] : [tables.addReceipt(key)]),
  ]
  const actor = { kind: 'user' as const, id: `writer-${step.writer}` }
  const bodies = bodiesOf(step, plan, version === undefined ? undefined : version + 1)
  const drafts = bodies.map((body) => ({ type: 'chaos.written', actor, body }))
  return ground.log.commit({ ops, appends: [{ stream, drafts, key }] })
}

/** A step's name in its row. */
export const nameOf = ({ round, writer, step }: Omit<Step, 'seed'>): string => `${round}-${writer}-${step}`
