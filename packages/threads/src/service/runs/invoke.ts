// Invocations: which runs one request means, and starting those that are new (contract 5.2, 5.3).
import { assistantNotMember, assistantNotRegistered, threadsErrors } from '../../errors.js'
import type { Identity, Invocation, Run } from '../../protocol/index.js'
import type { MemberRow, RunRow } from '../../store/port.js'
import type { Caller } from '../caller.js'
import { tellChanged } from '../changes.js'
import type { ThreadsDeps } from '../deps.js'
import { assertAuthorized, enter } from '../gate.js'
import { toRun } from '../objects.js'
import { leaseEnd } from './transitions.js'

/** One run for each assistant, in the order asked. `reused`: those that this call did not create. */
export type Invoked = { runs: Run[]; reused: string[] }

/** Longest chain of assistants that start each other. */
const maxDepth = 8
/** Tries of an invocation that others come before. */
const maxTries = 10

/** What is to be run, by whom. */
type Wanted = {
  threadId: string
  assistants: readonly MemberRow[]
  triggeredBy: Identity
  depth: number
  key: string | undefined
  ifActive: 'return' | 'queue'
}

/** Starts assistants for a caller. Nothing is started when one of them can't be. */
export async function invoke(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  readBody: () => Invocation | Promise<Invocation>,
): Promise<Invoked> {
  await enter(deps, caller, threadId, 'assistant.invoke')
  const body = await readBody()
  for (const targetId of body.assistantIds)
    await assertAuthorized(deps, caller, threadId, 'assistant.invoke', targetId)
  const assistants = await findAssistants(deps, threadId, body.assistantIds)
  deps.rates.count(caller)
  return start(deps, {
    threadId,
    assistants,
    triggeredBy: caller.identity,
    depth: 0,
    key: body.idempotencyKey,
    ifActive: body.ifActive,
  })
}

/** Starts an assistant from within a run. */
export async function invokeFromRun(deps: ThreadsDeps, run: RunRow, assistantId: string): Promise<Run> {
  if (run.depth + 1 > maxDepth) throw threadsErrors.chainTooDeep()
  const assistants = await findAssistants(deps, run.threadId, [assistantId])
  const { runs } = await start(deps, {
    threadId: run.threadId,
    assistants,
    triggeredBy: run.assistant,
    depth: run.depth + 1,
    key: undefined,
    ifActive: 'return',
  })
  return runs[0]!
}

/** Starts the run that was asked for while another one was active. */
export async function startQueued(
  deps: ThreadsDeps,
  { threadId, assistant, queuedBy }: RunRow,
): Promise<void> {
  const member = queuedBy && (await deps.store.findMember(threadId, assistant.id))
  if (!member || !deps.assistants.find(assistant.id)) return
  await start(deps, {
    threadId,
    assistants: [member],
    triggeredBy: queuedBy,
    depth: 0,
    key: undefined,
    ifActive: 'return',
  })
}

async function findAssistants(
  { assistants, store }: ThreadsDeps,
  threadId: string,
  ids: readonly string[],
): Promise<MemberRow[]> {
  const stranger = ids.find((id) => !assistants.find(id))
  if (stranger !== undefined) throw assistantNotRegistered(stranger)
  const members: MemberRow[] = []
  for (const id of ids) {
    const member = await store.findMember(threadId, id)
    if (member?.identity.role !== 'assistant') throw assistantNotMember(id)
    members.push(member)
  }
  return members
}

async function start(deps: ThreadsDeps, wanted: Wanted): Promise<Invoked> {
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const known = wanted.key === undefined ? undefined : await replay(deps, wanted, wanted.key)
    const invoked = known ?? (await tryStart(deps, wanted))
    if (invoked) return invoked
    // Another request created a run or took the key in between: look again.
  }
  throw threadsErrors.conflict({ message: 'the assistants are started by too many at once; try again' })
}

/** The runs that the key stands for already. */
async function replay(
  { store }: ThreadsDeps,
  { threadId, assistants }: Wanted,
  key: string,
): Promise<Invoked | undefined> {
  const known = await store.findInvocation(threadId, key)
  if (!known) return undefined
  if (sortedIds(assistants).join('\n') !== known.assistantIds.join('\n'))
    throw threadsErrors.conflict({ message: 'this idempotency_key was used for other assistants' })
  const rows = await store.findRuns(known.runIds)
  const inOrder = known.runIds.flatMap((id) => rows.filter((row) => row.id === id))
  return { runs: inOrder.map(toRun), reused: [...known.runIds] }
}

async function tryStart(deps: ThreadsDeps, wanted: Wanted): Promise<Invoked | undefined> {
  const { store } = deps
  const { threadId, assistants, key, ifActive, triggeredBy } = wanted
  const active = await Promise.all(
    assistants.map(({ identityId }) => store.findActiveRun(threadId, identityId)),
  )
  const rows = assistants.map((member, index) => active[index] ?? toRow(deps, wanted, member))
  const created = rows.filter((row) => !active.includes(row))
  const reused = rows.filter((row) => active.includes(row))
  const queued = ifActive === 'queue' ? reused.map(({ id }) => store.queueAfter(id, triggeredBy)) : []
  const ops = [
    ...created.map((row) => store.insertRun(row)),
    ...queued,
    ...(key === undefined ? [] : [store.insertInvocation(toInvocation(wanted, key, rows))]),
  ]
  const { outcome } = await deps.commit({ ops, appends: [] })
  if (outcome !== 'committed') return undefined
  for (const row of created) {
    tellChanged(deps, threadId, { changed: 'run', run_id: row.id })
    deps.runner.start(row)
  }
  return { runs: rows.map(toRun), reused: reused.map(({ id }) => id) }
}

function toRow(deps: ThreadsDeps, { threadId, triggeredBy, depth, key }: Wanted, member: MemberRow): RunRow {
  return {
    id: deps.ground.ids.next('run'),
    threadId,
    assistant: member.identity,
    triggeredBy,
    status: 'pending',
    startedAt: deps.ground.clock.micros(),
    runningAt: null,
    completedAt: null,
    error: null,
    idempotencyKey: key ?? null,
    metadata: {},
    depth,
    queuedBy: null,
    leaseExpiresAt: leaseEnd(deps),
  }
}

const sortedIds = (assistants: readonly MemberRow[]): string[] =>
  assistants.map(({ identityId }) => identityId).toSorted()

const toInvocation = ({ threadId, assistants }: Wanted, key: string, rows: readonly RunRow[]) => ({
  threadId,
  key,
  assistantIds: sortedIds(assistants),
  runIds: rows.map(({ id }) => id),
})
