import type { Op } from '@parley/kernel/db'
import type { ParleyError } from '@parley/kernel/errors'
import type { Append, Log } from '@parley/kernel/log'
import { relayErrors } from '../../errors.js'

/** Statements of a unit that fail for one reason. */
export type Step = {
  ops: readonly Op[]
  /** What a refusal of one of them means. Without it: the rows have changed since they were read, so the plan is made anew. */
  refused?: () => ParleyError
}

/** What is to be committed, and what is answered once it is. */
export type Plan<T> = { steps: readonly Step[]; appends: readonly Append[]; answer: T }

// Each failure means that somebody else's unit came through, so only a crowd at one row gets here.
const attempts = 10

/** Commits what `plan` makes of the rows as they are; makes it anew while others are faster. Throws what a step says, or `relay.unavailable`. */
export async function commitSteps<T>(log: Log, plan: () => Promise<Plan<T>>): Promise<T> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { steps, appends, answer } = await plan()
    const ops = steps.flatMap((step) => step.ops)
    if (ops.length === 0 && appends.length === 0) return answer
    const result = await log.commit({ ops, appends })
    if (result.outcome !== 'refused') return answer
    const refusal = stepOf(steps, result.op)?.refused
    if (refusal) throw refusal()
  }
  throw relayErrors.unavailable({ retryAfter: 1 })
}

function stepOf(steps: readonly Step[], op: number): Step | undefined {
  let end = 0
  return steps.find((step) => {
    end += step.ops.length
    return op < end
  })
}
