import type { RunRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import type { Emission } from '../runs/handler.js'
import { approvalSteps, needsApproval } from './approvals.js'
import { formSteps } from './forms.js'
import { type DecisionSteps, noSteps } from './steps.js'

/** What an emission of a run asks and answers. Throws as `formSteps` and `approvalSteps` do. */
export async function emissionSteps(
  deps: ThreadsDeps,
  run: RunRow,
  emission: Emission,
  eventId: string,
): Promise<DecisionSteps> {
  if (needsApproval(emission)) return guarded(deps, run, await approvalSteps(deps, run, eventId, emission))
  const { type, content, deadlineSeconds } = emission
  if (type !== 'message' || !Array.isArray(content)) return noSteps
  const steps = await formSteps(deps, {
    threadId: run.threadId,
    eventId,
    author: run.assistant,
    content,
    runId: run.id,
    ...(deadlineSeconds !== undefined && { deadlineSeconds }),
  })
  return guarded(deps, run, steps)
}

/** WHY: the thread is locked before the run, as everywhere; questions would lock it after. */
function guarded({ store }: ThreadsDeps, { id, threadId }: RunRow, steps: DecisionSteps): DecisionSteps {
  if (steps.ops.length === 0) return steps
  return { ...steps, ops: [store.threadGuard(threadId), store.runGuard(id), ...steps.ops] }
}
