import { tenantKey } from '@parley/kernel/principal'
import { handshakeErrors } from '../errors.js'
import { type CreateRequest, parseCreateRequest, type SessionInfo, toTimestamp } from '../protocol/index.js'
import type { HandshakeRow } from '../store/port.js'
import { assertOrigin } from './access.js'
import { browserActor, type Caller } from './caller.js'
import { hashCredential } from './credentials.js'
import type { HandshakeDeps } from './deps.js'
import { draftEvent, streamOf } from './events.js'
import { messageOf } from './hooks.js'
import { chooseHandler, handlerFor } from './modes/index.js'
import { HandshakeSession } from './session.js'
import { type HandshakeState, measure } from './state.js'

/** What was made: the answer for the page, and the session with its plain token for the caller in this process. */
export type Opened = { info: SessionInfo; session: HandshakeSession }

/**
 * Creates a handshake (contract 3.1). Throws the 400s of creating, `handshake.origin_not_allowed`,
 * `handshake.rate_limited`, and 403 with a hook's message.
 */
export async function openHandshake(
  deps: HandshakeDeps,
  caller: Caller,
  body: Record<string, unknown>,
): Promise<Opened> {
  assertOrigin(deps, caller)
  const verdict = deps.rates.creations(caller.remote)
  if (!verdict.ok) throw handshakeErrors.rateLimited({ retryAfter: verdict.retryAfter })
  if (deps.options.authenticate && !caller.principal) throw handshakeErrors.creationDenied()
  const request = parseCreateRequest(body, deps.options.limits)
  const hasSchema = request.schema.length > 0
  const handler = chooseHandler({ mode: body.mode, hasSchema }, deps.handlers, deps.options)
  if (!handler) throw handshakeErrors.unknownMode()
  await assertRoom(deps)

  const secrets = { token: deps.ground.ids.token(24), browserKey: deps.ground.ids.token(24) }
  const mode = body.mode === null ? null : request.mode
  const state = newState(deps, caller, { ...request, mode, handler, ...secrets })
  const session = new HandshakeSession(deps, state, browserActor(state.row, caller), secrets.token)
  const { schema, context, data, meta } = request
  await refusable(() =>
    handlerFor(handler, deps.handlers).setupSession(session, { ...body, schema, context, data, meta }),
  )
  await runHooks(deps, session, caller)
  await store(deps, caller, state)
  return { info: toInfo(deps, state.row, secrets), session }
}

type Making = CreateRequest & { token: string; browserKey: string; handler: string }
type NewState = Omit<Making, 'mode'> & { mode: string | null }

function newState(deps: HandshakeDeps, caller: Caller, making: NewState): HandshakeState {
  const now = deps.ground.clock.micros()
  const ttlSeconds = Math.min(deps.options.ttlSeconds, deps.options.maxLifetimeSeconds)
  const { principal } = caller
  const row: HandshakeRow = {
    id: deps.ground.ids.hex(16),
    mode: making.mode,
    handler: making.handler,
    schema: [],
    meta: making.meta,
    owner: principal ? { id: principal.id, ...(principal.name && { name: principal.name }) } : null,
    tenantKey: tenantKey(principal?.tenant ?? {}),
    endReason: null,
    endedAt: null,
    ttlSeconds,
    createdAt: now,
    touchedAt: now,
    expiresAt: now + ttlSeconds * 1e6,
    version: 1,
    changes: 0,
    lastAt: now,
    tokenHash: hashCredential(making.token),
    agentTokenHash: null,
    claim: null,
    browserKeyHash: hashCredential(making.browserKey),
  }
  return { row, values: new Map(), changes: [], head: 1, savedTouch: now, weight: 0, grown: 0 }
}

async function runHooks(deps: HandshakeDeps, session: HandshakeSession, caller: Caller): Promise<void> {
  for (const hook of deps.hooks.of('createSession')) {
    const answer = await refusable(() => hook(session, caller.request))
    if (answer === false) throw handshakeErrors.creationDenied()
  }
}

/** What the application's own code throws is a refusal with its message. */
async function refusable<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw handshakeErrors.refusedByHook({ message: messageOf(error), cause: error })
  }
}

async function store(deps: HandshakeDeps, caller: Caller, state: HandshakeState): Promise<void> {
  const { row, values } = state
  const { identity, remote } = browserActor(row, caller)
  const actor = caller.principal ? { kind: caller.principal.kind, id: caller.principal.id } : identity
  const body = { mode: row.mode, keys: values.size, at: toTimestamp(row.createdAt), remote }
  const created = draftEvent('handshake.created', actor, body)
  const result = await deps.ground.log.commit({
    ops: deps.store.insert(row, [...values.values()]),
    appends: [{ stream: streamOf(row.id), drafts: [created] }],
  })
  state.weight = measure(state)
  deps.states.add(state)
  if (result.outcome === 'committed') for (const { events } of result.appended) deps.audit.tell(events[0]!)
}

async function assertRoom(deps: HandshakeDeps): Promise<void> {
  if (await deps.openCount.take(deps.options.limits.sessions)) return
  throw handshakeErrors.tooManySessions({ retryAfter: 60 })
}

function toInfo(
  { options }: HandshakeDeps,
  { id, ttlSeconds }: HandshakeRow,
  { token, browserKey }: { token: string; browserKey: string },
): SessionInfo {
  const { prefix, wsPrefix } = options
  return {
    sessionId: id,
    token,
    // The browser key is in the path: today's clients use these addresses as they are (contract W1, W2).
    wsUrl: `${wsPrefix}/${id}/${browserKey}`,
    contextUrl: `${prefix}/context/${id}`,
    actionUrl: `${prefix}/action/${id}`,
    diffUrl: `${prefix}/diff/${id}`,
    notifyUrl: `${prefix}/notify/${id}/${browserKey}`,
    extendUrl: `${prefix}/session/${id}/extend`,
    expiresIn: ttlSeconds,
  }
}
