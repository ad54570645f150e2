import { handshakeErrors } from '../errors.js'
import { parseEditRequest } from '../protocol/index.js'
import { assertOrigin, getOpen, openForBrowser } from './access.js'
import { browserActor, type Caller } from './caller.js'
import type { HandshakeDeps } from './deps.js'
import { handlerFor } from './modes/index.js'
import { HandshakeSession } from './session.js'
import type { HandshakeState } from './state.js'

/** A user edit over HTTP (contract 3.5). The value is not held against the schema: the user's form may hold anything. */
export async function recordEdit(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
  body: Record<string, unknown>,
): Promise<{ ok: true }> {
  assertOrigin(deps, caller)
  const isForAll = deps.options.legacyNotify && caller.browserKey === undefined
  const state = isForAll ? await getOpen(deps, id) : await openForBrowser(deps, caller, id, 'notify')
  const { key, value } = parseEditRequest(body, deps.options.limits)
  takeEdit(deps, state)
  const session = new HandshakeSession(deps, state, browserActor(state.row, caller))
  if (!session.hasRoomFor(key, value)) throw handshakeErrors.sessionTooLarge()
  await handlerFor(state.row.handler, deps.handlers).processNotify(session, key, value)
  await flushEdit(session)
  return { ok: true }
}

/** A frame of a socket that may write (contract 4.2). Anything but an edit is the mode handler's business. */
export async function recordFrame(
  deps: HandshakeDeps,
  caller: Pick<Caller, 'remote'>,
  state: HandshakeState,
  message: Record<string, unknown>,
): Promise<void> {
  // Only an edit keeps a handshake alive: an open socket that pings does not (contract 2.1).
  if (message.type === 'userEdit') {
    takeEdit(deps, state)
    deps.touches.touch(state)
  }
  const session = new HandshakeSession(deps, state, browserActor(state.row, caller))
  await handlerFor(state.row.handler, deps.handlers).processWsMessage(session, message)
  await flushEdit(session)
}

function takeEdit(deps: HandshakeDeps, { row }: HandshakeState): void {
  const verdict = deps.rates.edits(row.id)
  if (!verdict.ok) throw handshakeErrors.rateLimited({ retryAfter: verdict.retryAfter })
}

/** The user's own edits are only dropped for want of room. */
async function flushEdit(session: HandshakeSession): Promise<void> {
  const dropped = await session.flush()
  if (dropped.length > 0) throw handshakeErrors.tooManyKeys()
}
