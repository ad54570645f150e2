// Invocations: which runs one request means, and starting those that are new (contract 5.2, 5.3).
import type { Append } from '@parley/kernel/log'
import { assistantActive, threadsErrors } from '../../errors.js'
import type { Identity, Invocation, Run } from '../../protocol/index.js'
import type { RunRow } from '../../store/port.js'
import type { Caller } from '../caller.js'
import type { ThreadsDeps } from '../deps.js'
import { streamOf } from '../events.js'
import { assertAuthorized, enter } from '../gate.js'
import { toRun } from '../objects.js'
import { maxDepth } from './chain.js'
import { type Found, findAssistants, joinDrafts, membershipOps } from './joining.js'
import { newRun, startRuns } from './new-run.js'

/** One run for each assistant, in the order asked. `reused`: those that this call did not create. */
export type Invoked = { runs: Run[]; reused: string[] }

/** Tries of an invocation that others come before. */
const maxTries = 10

/** What is to be run, by whom. */
type Wanted = {
  threadId: string
  assistantIds: readonly string[]
  triggeredBy: Identity
  depth: number
  key: string | undefined
  ifActive: Invocation['ifActive']
}

/** Starts assistants for a caller. Nothing is started when one of them can't be. */
export async function invoke(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  readBody: () => Invocation | Promise<Invocation>,
): Promise<Invoked> {
  await enter(deps, caller, threadId, 'assistant.invoke')
  const { assistantIds, idempotencyKey, ifActive } = await readBody()
  for (const targetId of assistantIds)
    await assertAuthorized(deps, caller, threadId, 'assistant.invoke', targetId)
  const triggeredBy = caller.identity
  // What can't be started counts for nothing.
  await findAssistants(deps, threadId, assistantIds, triggeredBy)
  deps.rates.count(caller)
  return start(deps, { threadId, assistantIds, triggeredBy, depth: 0, key: idempotencyKey, ifActive })
}

/** Starts an assistant from within a run. */
export async function invokeFromRun(deps: ThreadsDeps, run: RunRow, assistantId: string): Promise<Run> {
  if (run.depth + 1 > maxDepth) throw threadsErrors.chainTooDeep()
  const { runs } = await start(deps, {
    threadId: run.threadId,
    assistantIds: [assistantId],
    triggeredBy: run.assistant,
    depth: run.depth + 1,
    key: undefined,
    ifActive: 'return',
  })
  return runs[0]!
}

async function start(deps: ThreadsDeps, wanted: Wanted): Promise<Invoked> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const invoked = (await replay(deps, wanted)) ?? (await tryStart(deps, wanted))
    if (invoked) return invoked
    // Another request created a run or took the key in between: look again.
  }
  throw threadsErrors.conflict({ message: 'the assistants are started by too many at once; try again' })
}

/** The runs that the key stands for already. */
async function replay(
  { store }: ThreadsDeps,
  { threadId, assistantIds, key }: Wanted,
): Promise<Invoked | undefined> {
  const known = key === undefined ? undefined : await store.findInvocation(threadId, key)
  if (!known) return undefined
  if (assistantIds.toSorted().join('\n') !== known.assistantIds.join('\n'))
    throw threadsErrors.conflict({ message: 'this idempotency_key was used for other assistants' })
  const rows = await store.findRuns(known.runIds)
  const runs = assistantIds.flatMap((id) => rows.filter(({ assistant }) => assistant.id === id)).map(toRun)
  return { runs, reused: runs.map(({ id }) => id) }
}

async function tryStart(deps: ThreadsDeps, wanted: Wanted): Promise<Invoked | undefined> {
  const { store } = deps
  const { threadId, assistantIds, key, ifActive, triggeredBy, depth } = wanted
  const found = await findAssistants(deps, threadId, assistantIds, triggeredBy)
  const active = await Promise.all(assistantIds.map((id) => store.findActiveRun(threadId, id)))
  const rows = found.members.map(
    ({ identity }, index) =>
      active[index] ?? newRun(deps, { threadId, assistant: identity, triggeredBy, depth, key }),
  )
  const created = rows.filter((row) => !active.includes(row))
  const reused = rows.filter((row) => active.includes(row))
  if (ifActive === 'refuse' && reused[0]) return refuse(deps, wanted, reused[0])

  const queued = ifActive === 'queue' ? reused : []
  const ops = [
    ...membershipOps(deps, found),
    ...created.map((row) => store.insertRun(row)),
    ...queued.map(({ id }) => store.queueAfter(id, { identity: triggeredBy, depth })),
    ...(key === undefined ? [] : [store.insertInvocation(toInvocation(wanted, key, rows))]),
  ]
  const { outcome } = await deps.commit({ ops, appends: joinAppends(threadId, found) })
  if (outcome !== 'committed') return undefined
  startRuns(deps, created)
  return { runs: rows.map(toRun), reused: reused.map(({ id }) => id) }
}

/** Says no, unless the run that is in the way is this invocation's own, started at the same time. */
async function refuse(deps: ThreadsDeps, wanted: Wanted, { assistant }: RunRow): Promise<Invoked> {
  const known = await replay(deps, wanted)
  if (known) return known
  throw assistantActive(assistant.id)
}

function joinAppends(threadId: string, found: Found): Append[] {
  return found.joining.length === 0 ? [] : [{ stream: streamOf(threadId), drafts: joinDrafts(found) }]
}

const toInvocation = ({ threadId, assistantIds }: Wanted, key: string, rows: readonly RunRow[]) => ({
  threadId,
  key,
  assistantIds: assistantIds.toSorted(),
  runIds: rows.map(({ id }) => id),
})
