// Permission requests on their way in: decided at once, held back for a handler, or shown.

import { isParleyError } from '@parley/kernel/errors'
import { type Identity, systemPrincipal, toIdentity } from '@parley/kernel/principal'
import { isJsonObject } from '@parley/kernel/wire'
import {
  type PendingPermission,
  type PermissionResponseBody,
  sessionEvents,
  type WireEvent,
} from '../../protocol/index.js'
import type { IntakeContext } from '../intake/context.js'
import type { Changing } from '../intake/plan.js'
import { permissionsStreamOf } from '../intake/streams.js'
import type { Incoming } from '../port.js'
import { type RequestKey, toPermissionCall } from './calls.js'
import type { Entry } from './ledger.js'
import { optionOfKind, toPermission } from './request.js'
import { askSteps, type NewRequest, type Outcome, settleSteps, withoutGuards } from './steps.js'

/** Most requests of one session that nobody has answered. */
const maxUnsettled = 90
const system = toIdentity(systemPrincipal)

/** `permission_request` of a host. */
export async function takeAsked(
  context: IntakeContext,
  changing: Changing,
  incoming: Incoming,
): Promise<void> {
  const { ledger } = context
  const { event } = incoming
  const request = toPermission(event.data)
  if (!request) return await refuse(context, changing, event, 'it is not complete')
  const { id } = changing.row
  // A host that calls back tells it on its events as well.
  if (await ledger.has(id, request.requestId)) return
  if ((await ledger.allUnsettled(id)).length >= maxUnsettled)
    return await refuse(context, changing, event, 'too many wait for an answer')
  const standing = await standingAnswer(context, changing, request, event)
  const state = context.hasPermissionHandler && !standing ? 'deciding' : 'open'
  const asked = tryAsk(context, changing, request, state)
  if (!asked) return await refuse(context, changing, event, 'it is too large')
  putOnRecord(context, changing, asked)
  // The answer of a callback carries it.
  const isKnownToHost = standing?.isKnownToHost || incoming.via === 'callback'
  if (standing) return settleByRule(context, changing, asked, { ...standing, isKnownToHost })
  if (state === 'deciding') return void context.plan.undecided.push({ session: changing.row, row: asked.row })
  await context.plan.append(changing, incoming)
}

/** `permission_approved` and `permission_rejected` of a host: somebody answered there, or the turn was cancelled. */
export async function takeAnswered(
  context: IntakeContext,
  changing: Changing,
  event: WireEvent,
): Promise<void> {
  const { requestId, response } = event.data
  if (typeof requestId !== 'string' || requestId.includes('\0')) return
  const entry = await context.ledger.unsettled(changing.row.id, requestId)
  if (!entry) return
  const outcome = isJsonObject(response) && isJsonObject(response.outcome) ? response.outcome : {}
  const { optionId } = outcome
  const isKnown = entry.row.request.options.some((option) => option.optionId === optionId)
  const by = context.actor
  settle(
    context,
    entry,
    isKnown
      ? { kind: 'answered', body: { optionId: String(optionId) }, by, automatic: true }
      : { kind: 'withdrawn', by },
  )
}

/** Nobody has to answer any more; those who were shown a request are told. */
export async function withdrawAll(
  context: IntakeContext,
  changing: Changing,
  { tellsHost }: { tellsHost: boolean },
): Promise<void> {
  const { ledger, plan, actor } = context
  for (const entry of await ledger.allUnsettled(changing.row.id)) {
    settle(context, entry, { kind: 'withdrawn', by: actor })
    if (tellsHost) deliver(context, changing, entry.row, { outcome: 'cancelled' })
    if (entry.row.state !== 'open') continue
    const data = { requestId: entry.row.requestId, outcome: 'cancelled' }
    const timestamp = new Date(context.ground.clock.now()).toISOString()
    await plan.append(changing, { event: { type: sessionEvents.permissionCancelled, data, timestamp } })
  }
}

/** An answer that needs nobody: the host gave it by its own auto-approve, or the server's says so. */
type Standing = { optionId: string; by: Identity; isKnownToHost: boolean }

async function standingAnswer(
  { store, actor }: IntakeContext,
  { row }: Changing,
  request: PendingPermission,
  { data }: WireEvent,
): Promise<Standing | undefined> {
  const given = isJsonObject(data.auto) ? data.auto.optionId : undefined
  const option = request.options.find(({ optionId }) => optionId === given)
  if (option) return { optionId: option.optionId, by: actor, isKnownToHost: true }
  if (!row.autoApprove && !(await store.settings.read()).autoApprove) return undefined
  const optionId = optionOfKind(request, 'allow')
  return optionId === undefined ? undefined : { optionId, by: system, isKnownToHost: false }
}

function tryAsk(
  context: IntakeContext,
  { row }: Changing,
  request: PendingPermission,
  state: 'deciding' | 'open',
): NewRequest | undefined {
  try {
    return askSteps(context, row, request, state)
  } catch (error) {
    if (isParleyError(error, 'decision.invalid_question')) return undefined
    throw error
  }
}

function putOnRecord({ plan, ledger }: IntakeContext, { row }: Changing, asked: NewRequest): void {
  plan.add(...asked.ops)
  plan.draft(permissionsStreamOf(row.id), ...asked.drafts)
  ledger.asked(asked)
}

function settleByRule(
  context: IntakeContext,
  changing: Changing,
  asked: NewRequest,
  standing: Standing,
): void {
  const { optionId, by, isKnownToHost } = standing
  settle(context, asked, { kind: 'answered', body: { optionId }, by, automatic: true })
  if (!isKnownToHost) deliver(context, changing, asked.row, { optionId })
}

/** Refuses nothing: somebody may have been faster, and what a host tells must always be storable. */
function settle(
  { store, decisions, plan, ledger }: IntakeContext,
  { row, decision }: Entry,
  outcome: Outcome,
): void {
  if (decision.state !== 'open') return
  const { ops, drafts } = settleSteps({ store, decisions }, row, decision, outcome)
  plan.add(...withoutGuards(ops))
  plan.draft(permissionsStreamOf(row.sessionId), ...drafts)
  ledger.settled(row)
}

function deliver(
  { store, plan, ground }: IntakeContext,
  { row: session }: Changing,
  row: RequestKey,
  body: PermissionResponseBody,
): void {
  if (session.hostId === null) return void plan.directAnswers.push({ session, request: row, body })
  // The first answer stays: a host takes only one.
  plan.add(
    ...withoutGuards([
      store.calls.insert(toPermissionCall(session.hostId, row, body, ground.clock.micros())),
    ]),
  )
  plan.called.add(session.hostId)
}

/** A request that nobody could answer: the agent is told no, and the session says why. */
async function refuse(
  context: IntakeContext,
  changing: Changing,
  event: WireEvent,
  why: string,
): Promise<void> {
  const { requestId } = event.data
  const { plan } = context
  const message = `permission request refused: ${why}`
  await plan.append(changing, { event: { ...event, type: sessionEvents.error, data: { message } } })
  if (typeof requestId !== 'string' || requestId === '' || requestId.length > 500 || requestId.includes('\0'))
    return
  const sessionId = changing.row.id
  // It is not on record, so its own id stands for its decision's.
  const decisionId = `refused:${sessionId}:${requestId}`
  deliver(context, changing, { sessionId, requestId, decisionId }, { outcome: 'cancelled' })
}
