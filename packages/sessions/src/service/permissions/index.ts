import { type Principal, systemPrincipal, toIdentity } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import { type PermissionCallbackResponse, sessionEvents } from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import type { DirectAnswer } from '../intake/plan.js'
import type { PermissionView } from '../port.js'
import { answer } from './answering.js'
import { callbackAnswer } from './callback-answer.js'
import { Deciding } from './deciding.js'
import { tellHostDirectly } from './direct.js'
import { list } from './list.js'
import type { PermissionsDeps, PermissionsParts } from './parts.js'
import { askerOf, optionOfKind, toPermission } from './request.js'
import { resolve } from './resolve.js'

export type { PermissionsDeps } from './parts.js'

/** Permission requests once they are on record. Callers have checked that the session may be seen. */
export interface Permissions {
  /** Throws `invalidRequest` (400), and `permissionNotFound` (404) for one that is unknown or that somebody has answered. */
  resolve(
    by: Principal,
    session: SessionRow,
    requestId: string,
    body: unknown,
    via: 'rest' | 'socket',
  ): Promise<void>
  /** Oldest first, with who answered. */
  list(session: SessionRow): Promise<PermissionView[]>
  /** Auto-approve was switched on: answers what is open in these sessions, where an option allows. */
  approveOpen(sessions: readonly SessionRow[]): Promise<void>
  /**
   * Puts the request of a host's callback on record and decides it; waits while a handler is asked. `deferred`: people
   * decide. Throws `invalidRequest` for one that nobody could answer.
   */
  decideCallback(
    session: SessionRow,
    request: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<PermissionCallbackResponse>
  /** Begins to ask the handler, also for what a server that crashed was asking. */
  start(): void
  stop(): Promise<void>
}

export function createPermissions(deps: PermissionsDeps): Permissions {
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  const awaited = new Set<string>()

  const tellHost = (direct: DirectAnswer): void => {
    // Its callback is open: the answer goes there.
    if (awaited.has(keyOf(direct.request.sessionId, direct.request.requestId))) return
    const told = tellHostDirectly(deps, direct, stopping.signal).finally(() => underWay.delete(told))
    underWay.add(told)
  }
  const parts: PermissionsParts = { ...deps, tellHost }
  const deciding = new Deciding(parts)
  const stopListening = deps.intake.listen({
    undecided: (session, row) => deciding.decide(session, row),
    answered: tellHost,
    called: (hostId) => deps.deliver(hostId),
  })

  return {
    resolve: (by, session, requestId, body, via) => resolve(parts, by, session, { requestId, body, via }),
    list: (session) => list(parts, session.id),
    approveOpen: (sessions) => approveOpen(parts, sessions),
    decideCallback: async (session, data, signal) => {
      const request = toPermission(data)
      if (!request) throw sessionsErrors.invalidRequest({ message: 'Invalid permission request' })
      const key = keyOf(session.id, request.requestId)
      const end = AbortSignal.any([stopping.signal, ...(signal ? [signal] : [])])
      awaited.add(key)
      try {
        const timestamp = new Date(deps.ground.clock.now()).toISOString()
        const event = { type: sessionEvents.permissionRequest, data: { ...request }, timestamp }
        await deps.intake.take([{ sessionId: session.id, event, actor: askerOf(session), via: 'callback' }])
        return await callbackAnswer(parts, session.id, request.requestId, end)
      } finally {
        awaited.delete(key)
      }
    },
    start: () => deciding.start(),
    stop: async () => {
      stopListening()
      stopping.abort()
      await deciding.stop()
      await Promise.all(underWay)
    },
  }
}

const keyOf = (sessionId: string, requestId: string): string => `${sessionId}\n${requestId}`

async function approveOpen(parts: PermissionsParts, sessions: readonly SessionRow[]): Promise<void> {
  const byId = new Map(sessions.map((session) => [session.id, session]))
  const by = toIdentity(systemPrincipal)
  for (const row of await parts.store.permissions.listOpen([...byId.keys()])) {
    const session = byId.get(row.sessionId)
    const optionId = optionOfKind(row.request, 'allow')
    if (!session || optionId === undefined) continue
    await answer(parts, session, row, { kind: 'answered', body: { optionId }, by, automatic: true })
  }
}
