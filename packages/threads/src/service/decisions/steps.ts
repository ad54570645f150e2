import type { Op } from '@parley/kernel/db'
import type { ParleyError } from '@parley/kernel/errors'

/** What an event does to decisions: statements for its unit, and why they refused it. */
export type DecisionSteps = {
  readonly ops: readonly Op[]
  /** Call it when the unit was refused. Undefined: it was not for these statements. */
  refusal(): Promise<ParleyError | undefined>
}

/** Those of an event that asks and answers nothing. */
export const noSteps: DecisionSteps = { ops: [], refusal: async () => undefined }

/** The refusal of the first step that has one. */
export async function firstRefusal(
  steps: readonly Pick<DecisionSteps, 'refusal'>[],
): Promise<ParleyError | undefined> {
  for (const step of steps) {
    const refusal = await step.refusal()
    if (refusal) return refusal
  }
  return undefined
}

/** Refuses its unit. A unit whose retry key is known is answered all the same. */
export const never: Op = { sql: 'select 1 where 1 = 0', params: [], atLeast: 1 }
