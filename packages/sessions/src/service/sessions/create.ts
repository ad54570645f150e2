// Creating a session (section 1.4). Its row is there before its agent: what the host tells meanwhile finds it.

import { isParleyError, type ParleyError } from '@parley/kernel/errors'
import { type Principal, toIdentity } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import type { CreateSessionBody, SessionRuntimeInfo, WebhookConfig } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import type { CoreDeps } from '../core.js'
import { signalLifecycle } from '../intake/lifecycle.js'
import type { SessionView } from '../port.js'
import { hashSecret } from '../secrets.js'
import { streamOf } from '../streams.js'
import { isUuid, newUuid } from '../uuid.js'
import { toView } from '../views.js'
import { type Definition, resolveDefinition } from './definition.js'
import { newRow } from './new-row.js'
import { assertMayWorkIn } from './place.js'
import { startOnHost } from './start.js'
import { terminateOnHost } from './terminate.js'

/** Of the secret in the address for callbacks. */
const secretBytes = 24

/** Resolves when the agent is ready. When it does not come up nothing is left of the session. */
export async function createSession(
  deps: CoreDeps,
  by: Principal,
  body: CreateSessionBody,
  { callbackOrigin }: { callbackOrigin?: string },
): Promise<SessionView> {
  const definition = await resolveDefinition(deps, by, body)
  await assertRoom(deps, by)
  const secret = deps.ground.ids.token(secretBytes)
  const row = await toRow(deps, by, body, definition, hashSecret(secret))
  await assertMayWorkIn(deps, by, { ...row, cwd: body.cwd })
  const webhooks = toWebhooks(deps, body)
  await insert(deps, row, webhooks)
  const info = await start(deps, row, definition, toCallbackUrl(deps, row, secret, callbackOrigin))
  const started = { ...row, runtimeInfo: info }
  await persist(deps, started, webhooks)
  signalLifecycle(deps.ground.log, row, 'session.created')
  // The agent has said more by now, and may even have ended.
  return toView((await deps.store.sessions.find(row.id)) ?? started)
}

async function assertRoom({ store, options }: CoreDeps, by: Principal): Promise<void> {
  const { sessions } = options.limits
  if ((await store.sessions.countActive(by.tenant)) < sessions) return
  throw sessionsErrors.tooMany({ message: `At most ${sessions} sessions can be active` })
}

async function toRow(
  deps: CoreDeps,
  by: Principal,
  body: CreateSessionBody,
  { agentName, spawn, runtimeType }: Definition,
  callbackHash: string,
): Promise<SessionRow> {
  const { sessionId = newUuid(deps.ground.ids), runtimeInstance } = body
  if (!isUuid(sessionId)) throw sessionsErrors.invalidRequest({ message: 'sessionId must be a UUID' })
  const runtime = deps.runtimes[runtimeType]!
  const instance = runtime.onlyOne ? runtimeType : (runtimeInstance ?? runtimeType)
  const now = deps.ground.clock.micros()
  return {
    ...newRow,
    id: sessionId,
    tenant: by.tenant,
    owner: toIdentity(by),
    agentName,
    spawn,
    cwd: body.cwd ?? runtime.getDefaultCwd?.() ?? process.cwd(),
    runtimeType,
    instance,
    hostId: (await hostOf(deps, runtimeType, instance)) ?? null,
    startedAt: now,
    updatedAt: now,
    callbackHash,
  }
}

async function hostOf(deps: CoreDeps, typeName: string, instance: string): Promise<string | undefined> {
  try {
    return await deps.hostOf(typeName, instance)
  } catch (error) {
    throw isParleyError(error) ? error : failed('SessionHost failed to start', error)
  }
}

/** Those of the server first. */
function toWebhooks({ ground, options }: CoreDeps, { webhooks = [] }: CreateSessionBody): WebhookConfig[] {
  return [...(options.webhooks ?? []), ...webhooks].map((one) => ({ ...one, id: newUuid(ground.ids) }))
}

/** Linked hosts tell everything by their link; nobody calls back for them. */
function toCallbackUrl(
  { options }: CoreDeps,
  { hostId }: SessionRow,
  secret: string,
  origin: string | undefined,
): string | undefined {
  if (hostId !== null) return undefined
  const base = options.callbackUrl ?? (origin === undefined ? undefined : origin + options.prefix)
  return base === undefined ? undefined : `${base.replace(/\/+$/, '')}/callbacks/${secret}`
}

async function insert(
  { ground, store }: CoreDeps,
  row: SessionRow,
  webhooks: WebhookConfig[],
): Promise<void> {
  const ops = [store.sessions.insert(row), ...store.sessions.insertWebhooks(row.id, webhooks)]
  const { outcome } = await ground.log.commit({ ops, appends: [] })
  if (outcome === 'committed') return
  throw sessionsErrors.duplicateSession({
    message: `Session "${row.id}" is already running or was used before`,
  })
}

async function start(
  deps: CoreDeps,
  row: SessionRow,
  definition: Definition,
  callbackUrl: string | undefined,
): Promise<SessionRuntimeInfo> {
  try {
    return await startOnHost(deps, row, definition, callbackUrl)
  } catch (error) {
    await forget(deps, row)
    throw error
  }
}

/** Throws `Failed to persist session: …`; then the agent is ended again. */
async function persist(deps: CoreDeps, row: SessionRow, webhooks: readonly WebhookConfig[]): Promise<void> {
  const { ground, store, live, mirror } = deps
  live.knows(row.id)
  try {
    const change = { runtimeInfo: row.runtimeInfo, updatedAt: ground.clock.micros() }
    const op = store.sessions.change(row.id, change, { status: 'active' })
    const { outcome } = await ground.log.commit({ ops: [op], appends: [] })
    // Ended meanwhile: by somebody who did not want it, or by itself. That is the answer.
    if (outcome !== 'committed') await terminateOnHost(deps, row)
    await mirror.created(row, webhooks)
  } catch (error) {
    await terminateOnHost(deps, row)
    await forget(deps, row)
    throw failed('Failed to persist session', error)
  }
}

function failed(what: string, error: unknown): ParleyError {
  const text = error instanceof Error ? error.message : String(error)
  return sessionsErrors.startFailed({ message: `${what}: ${text}`, cause: error })
}

/** Nothing of a session that never ran stays; its events go with it. */
async function forget({ ground, store, onFault }: CoreDeps, { id }: SessionRow): Promise<void> {
  try {
    await ground.log.commit({ ops: store.sessions.remove(id), appends: [] })
    await ground.log.drop(streamOf(id))
  } catch (error) {
    onFault(error, 'sessions.create')
  }
}
