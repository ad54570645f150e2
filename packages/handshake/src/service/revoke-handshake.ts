import { getOpen, hasBrowserKey, openForAgent, openForBrowser } from './access.js'
import { type Actor, agentActor, browserActor, type Caller } from './caller.js'
import { changeHandshake } from './change.js'
import type { HandshakeDeps } from './deps.js'
import type { HandshakeState } from './state.js'

/** Ends a handshake at once, on the agent's or the browser's request (contract W11). Open sockets are told and closed. */
export async function revokeHandshake(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
): Promise<{ ok: true; revoked: true }> {
  const { actor } = await openForEither(deps, caller, id)
  await end(deps, id, actor)
  return { ok: true, revoked: true }
}

/** Ends a handshake on anybody's behalf. */
export async function end(deps: HandshakeDeps, id: string, actor: Actor): Promise<void> {
  await changeHandshake(deps, id, actor, (draft) => {
    draft.patch({ endReason: 'revoked', endedAt: draft.nextAt() })
    draft.event('handshake.revoked', {})
  })
}

async function openForEither(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
): Promise<{ state: HandshakeState; actor: Actor }> {
  const found = await getOpen(deps, id)
  if (
    caller.browserKey !== undefined &&
    (hasBrowserKey(found, caller.browserKey) || caller.token === undefined)
  ) {
    const state = await openForBrowser(deps, caller, id, 'revoke')
    return { state, actor: browserActor(state.row, caller) }
  }
  const state = await openForAgent(deps, caller, id, { route: 'revoke' })
  return { state, actor: agentActor(state.row, caller) }
}
