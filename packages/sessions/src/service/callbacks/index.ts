// What hosts tell by callbacks (section 4.4): old hosts do, ours say everything in their events.

import { timingSafeEqual } from 'node:crypto'
import type { Ground } from '@parley/kernel/ground'
import { namedSessionNotFound } from '../../errors.js'
import { type PermissionCallbackResponse, sessionEvents } from '../../protocol/index.js'
import type { SessionRow, SessionsStore } from '../../store/port.js'
import type { Intake, SessionsService } from '../port.js'
import { hashSecret } from '../secrets.js'
import { isUuid } from '../uuid.js'
import { type CallbackEvent, isStored, toCallbackEvent } from './event.js'

export type CallbacksDeps = {
  ground: Ground
  store: Pick<SessionsStore, 'sessions'>
  intake: Intake
  /**
   * Puts a request on record and decides it: by auto-approve, by the configured handler, else nobody (`deferred`). Throws
   * `invalidRequest` for one that nobody could answer.
   */
  decide(session: SessionRow, request: Record<string, unknown>): Promise<PermissionCallbackResponse>
  /** A missing secret is no reason to refuse; a wrong one is. */
  trustCallbacks: boolean
}

const ok = { ok: true } as const

/** Takes a callback. 404 for an id that is none, an unknown session and a wrong secret alike. */
export function callbackHandler(deps: CallbacksDeps): SessionsService['handleCallback'] {
  return async (id, secret, given) => {
    const session = await findSession(deps, id, secret)
    const event = toCallbackEvent(given)
    // Its end was told already: a host that is late changes nothing.
    if (session.status !== 'active')
      return event.type === sessionEvents.permissionRequest ? { outcome: 'cancelled' } : ok
    if (event.type !== sessionEvents.permissionRequest) {
      await store(deps, session, event)
      return ok
    }
    await remember(deps, session)
    return deps.decide(session, event.data)
  }
}

async function findSession(
  { store, trustCallbacks }: CallbacksDeps,
  id: string,
  secret?: string,
): Promise<SessionRow> {
  const row = isUuid(id) ? await store.sessions.find(id) : undefined
  const isTrusted = trustCallbacks && secret === undefined
  if (!row || !(isTrusted || isSecretOf(row, secret))) throw namedSessionNotFound(id.slice(0, 100))
  return row
}

function isSecretOf({ callbackHash }: SessionRow, secret: string | undefined): boolean {
  if (!secret || !callbackHash) return false
  const [given, expected] = [Buffer.from(hashSecret(secret)), Buffer.from(callbackHash)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** What a callback says goes into the session's events. */
async function store(deps: CallbacksDeps, session: SessionRow, event: CallbackEvent): Promise<void> {
  if (!isStored(event.type)) return
  const via = (await remember(deps, session)) ? 'firstCallback' : 'callback'
  const timestamp = new Date(deps.ground.clock.now()).toISOString()
  await deps.intake.take([{ sessionId: session.id, event: { ...event, timestamp }, via }])
}

/**
 * Notes that the host calls back, so that its events alone are no reason any more to tell receivers of webhooks. True for
 * the one callback that did. WHY first: whatever its events led to is stored by then, and nothing will be after.
 */
async function remember({ ground, store }: CallbacksDeps, { id, callsBack }: SessionRow): Promise<boolean> {
  if (callsBack) return false
  const ops = [store.sessions.change(id, { callsBack: true }, { callsBack: false })]
  return (await ground.log.commit({ ops, appends: [] })).outcome === 'committed'
}
