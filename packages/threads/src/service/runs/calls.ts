// Assistants that a message names as recipients: they are started, or asked for once more, in the unit of the message.
import type { Op } from '@parley/kernel/db'
import type { Append, Draft, Unit, UnitResult } from '@parley/kernel/log'
import { assistantActive, threadsErrors } from '../../errors.js'
import type { Identity } from '../../protocol/index.js'
import type { MemberRow, RunRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import { chainStopped, maxDepth } from './chain.js'
import { newRun, startRuns } from './new-run.js'

/** A message's recipients, members all of them, and what its author's runs would be. */
export type Calls = {
  threadId: string
  recipients: readonly string[] | null
  author: Identity
  /** 0 for a person's message; for a run's, one more than the run's own. */
  depth: number
}

/** Tries of a message that others come before. */
const maxTries = 10

/**
 * Commits a message with the runs that it starts. When one of `unit.ops` refuses, so does this; the number of the statement
 * says nothing then. The first append is the message's; a retry by its key starts nothing. Throws `threads.conflict` when a
 * recipient is active in a room that refuses such messages.
 */
export async function commitCalling(deps: ThreadsDeps, calls: Calls, unit: Unit): Promise<UnitResult> {
  if (!calls.recipients) return deps.commit(unit)
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const plan = await planCalls(deps, calls)
    const result = await deps.commit({
      // Members first, then what may be a run: locks are taken in this order everywhere.
      ops: [...plan.guards, ...unit.ops, ...plan.ops],
      appends: withDrafts(unit.appends, plan.drafts),
    })
    if (result.outcome === 'committed') startRuns(deps, plan.created)
    if (result.outcome !== 'refused' || isOwn(result.op - plan.guards.length, unit)) return result
    if (plan.busyId !== undefined) throw assistantActive(plan.busyId)
    // A run began or ended in between, or an assistant was removed: look again.
  }
  throw threadsErrors.conflict({ message: 'the recipients are started by too many at once; try again' })
}

const isOwn = (op: number, { ops }: Unit): boolean => op >= 0 && op < ops.length

type Plan = {
  guards: readonly Op[]
  ops: readonly Op[]
  created: readonly RunRow[]
  drafts: readonly Draft[]
  /** The assistant whose run will have refused the unit. */
  busyId?: string | undefined
}

const nothing: Plan = { guards: [], ops: [], created: [], drafts: [] }

async function planCalls(deps: ThreadsDeps, calls: Calls): Promise<Plan> {
  const assistants = await findCalled(deps, calls)
  if (assistants.length === 0) return nothing
  if (calls.depth > maxDepth) return { ...nothing, drafts: [chainStopped()] }

  const { store } = deps
  const { threadId, author, depth } = calls
  const active = await findActive(deps, threadId, assistants)
  const policy = active.size > 0 ? await whenRunningIn(deps, threadId) : 'queue'
  const isRefusing = policy === 'refuse'
  // WHY: a room that refuses leaves it to the unit, so that the retry of a message that was stored is answered.
  const starting = assistants.filter(({ identityId }) => isRefusing || !active.has(identityId))
  const created = starting.map(({ identity }) =>
    newRun(deps, { threadId, assistant: identity, triggeredBy: author, depth }),
  )
  const queued = policy === 'queue' ? [...active.values()] : []
  return {
    guards: starting.map(({ identityId }) => store.memberGuard(threadId, identityId)),
    ops: [
      ...created.map((run) => store.insertRun(run)),
      ...queued.map(({ id }) => store.queueAfter(id, { identity: author, depth })),
    ],
    created,
    drafts: [],
    busyId: isRefusing ? [...active.keys()][0] : undefined,
  }
}

/** Recipients that are assistants here: every node registers the same ones. */
async function findCalled(
  { assistants, store }: ThreadsDeps,
  { threadId, recipients }: Calls,
): Promise<MemberRow[]> {
  const ids = (recipients ?? []).filter((id) => assistants.find(id))
  const members = await Promise.all(ids.map((id) => store.findMember(threadId, id)))
  return members.filter((member): member is MemberRow => member?.identity.role === 'assistant')
}

async function findActive(
  { store }: ThreadsDeps,
  threadId: string,
  assistants: readonly MemberRow[],
): Promise<Map<string, RunRow>> {
  const runs = await Promise.all(
    assistants.map(({ identityId }) => store.findActiveRun(threadId, identityId)),
  )
  return new Map(runs.flatMap((run) => (run ? [[run.assistant.id, run] as const] : [])))
}

/** What the room wants when a recipient is active; what is none of the words means the default. */
async function whenRunningIn(
  { store }: ThreadsDeps,
  threadId: string,
): Promise<'queue' | 'ignore' | 'refuse'> {
  const thread = await store.findThread(threadId)
  const wanted = thread?.metadata.when_running
  return wanted === 'ignore' || wanted === 'refuse' ? wanted : 'queue'
}

function withDrafts([message, ...others]: readonly Append[], drafts: readonly Draft[]): readonly Append[] {
  if (!message || drafts.length === 0) return message ? [message, ...others] : others
  return [{ ...message, drafts: [...message.drafts, ...drafts] }, ...others]
}
