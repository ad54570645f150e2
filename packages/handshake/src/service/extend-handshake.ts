import { handshakeErrors } from '../errors.js'
import { defaultLifetime, type ExtendAnswer, parseExtendRequest } from '../protocol/index.js'
import { actorOf, openForAgent } from './access.js'
import type { Actor, Caller } from './caller.js'
import { changeHandshake } from './change.js'
import type { HandshakeDeps } from './deps.js'
import { grantExtension } from './grant-extension.js'
import { messageOf } from './hooks.js'
import { HandshakeSession } from './session.js'

/** Gives a handshake more time on an agent's request (contract 3.6). */
export async function extendHandshake(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
  body: Record<string, unknown>,
): Promise<ExtendAnswer> {
  const state = await openForAgent(deps, caller, id, { route: 'extend', rate: 'extend', isForPage: true })
  const { extraSeconds } = parseExtendRequest(body)
  const actor = actorOf(state, caller)
  const seconds = await askHooks(deps, new HandshakeSession(deps, state, actor), extraSeconds, caller.request)
  const granted = await grant(deps, id, actor, seconds)
  return { ok: true, ...granted }
}

/** Grants seconds on anybody's behalf. Throws `handshake.extension_denied` when the handshake is as old as it may get. */
export async function grant(
  deps: HandshakeDeps,
  id: string,
  actor: Actor,
  seconds: number,
): Promise<{ extended: number; expiresIn: number }> {
  const { maxLifetimeSeconds } = deps.options
  const granted = await changeHandshake(deps, id, actor, (draft) =>
    grantExtension(draft, seconds, maxLifetimeSeconds),
  )
  if (granted.extended === 0) throw handshakeErrors.extensionDenied()
  deps.sockets.flush(id)
  return granted
}

/** Only numbers change the grant; `true` and nothing keep it (contract 8). */
async function askHooks(
  deps: HandshakeDeps,
  session: HandshakeSession,
  asked: number,
  request: Request | undefined,
): Promise<number> {
  let seconds = asked
  for (const hook of deps.hooks.of('extend')) {
    const answer = await hookAnswer(() => hook(session, seconds, request))
    if (answer === false) throw handshakeErrors.extensionDenied()
    if (typeof answer === 'number' && Number.isFinite(answer)) seconds = clamp(Math.trunc(answer))
  }
  return seconds
}

async function hookAnswer(ask: () => unknown): Promise<unknown> {
  try {
    return await ask()
  } catch (error) {
    throw handshakeErrors.extensionDenied({ message: messageOf(error), cause: error })
  }
}

const clamp = (seconds: number) => Math.min(defaultLifetime.maxExtendSeconds, Math.max(1, seconds))
