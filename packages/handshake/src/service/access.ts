import { isOriginAllowed } from '@parley/kernel/origin'
import { handshakeErrors } from '../errors.js'
import { type Actor, agentActor, browserActor, type Caller } from './caller.js'
import { isOver } from './change.js'
import { matchesHash } from './credentials.js'
import type { HandshakeDeps } from './deps.js'
import { HandshakeSession } from './session.js'
import type { HandshakeState } from './state.js'

/** Ids are 32 hex digits; anything else is not worth a look into the database, and Postgres takes no NUL. */
export const isHandshakeId = (id: string): boolean => /^[0-9a-f]{32}$/.test(id)

/** Finds a handshake that is neither ended nor past its end; throws `handshake.session_not_found`. */
export async function getOpen(deps: HandshakeDeps, id: string): Promise<HandshakeState> {
  const state = isHandshakeId(id) ? await deps.states.get(id) : undefined
  if (!state || isOver(deps, state)) throw handshakeErrors.sessionNotFound()
  return state
}

/** True when the credential opens agent routes: the prompt's token until it is claimed, then the agent's own. */
export function isAgentCredential({ row }: HandshakeState, token: string | undefined): boolean {
  return matchesHash(token, row.claim ? row.agentTokenHash : row.tokenHash)
}

type AgentRoute = {
  route: string
  rate?: 'agent' | 'extend'
  /** Opens to the page's browser key as well: after a claim the page's token is void, and it must go on reading. */
  isForPage?: boolean
}

/**
 * The gate of agent routes: 404, then 403, then 429 (contract 2.3, 15.2). Only an authenticated call starts the time
 * to live anew. Failing calls have a limit of their own, which a right token never meets.
 */
export async function openForAgent(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
  { route, rate, isForPage = false }: AgentRoute,
): Promise<HandshakeState> {
  const state = await getOpen(deps, id)
  if (isForPage && hasBrowserKey(state, caller.browserKey)) assertOrigin(deps, caller)
  else assertAgent(deps, caller, state, route)

  deps.touches.touch(state)
  if (!rate) return state
  const verdict = deps.rates[rate](id)
  if (verdict.ok) return state
  deps.audit.refused(id, 'request.refused', actorOf(state, caller), { route, reason: 'rate limit exceeded' })
  throw handshakeErrors.rateLimited({ retryAfter: verdict.retryAfter })
}

function assertAgent(deps: HandshakeDeps, caller: Caller, state: HandshakeState, route: string): void {
  if (!isAgentCredential(state, caller.token)) throw refuseToken(deps, caller, state, route)
  if (deps.options.requireClaim && !state.row.claim) throw refuseUnclaimed(deps, caller, state, route)
}

/** The page when it showed its key, else the agent. */
export function actorOf(state: HandshakeState, caller: Caller): Actor {
  return hasBrowserKey(state, caller.browserKey)
    ? browserActor(state.row, caller)
    : agentActor(state.row, caller)
}

/** Counts a failed token check and says no. */
export function refuseToken(deps: HandshakeDeps, caller: Caller, state: HandshakeState, route: string) {
  const { id } = state.row
  deps.audit.refused(id, 'request.refused', agentActor(state.row, caller), { route, reason: 'invalid token' })
  const verdict = deps.rates.failedTokens(id, caller.remote)
  return verdict.ok
    ? handshakeErrors.invalidToken()
    : handshakeErrors.rateLimited({ retryAfter: verdict.retryAfter })
}

function refuseUnclaimed(deps: HandshakeDeps, caller: Caller, state: HandshakeState, route: string) {
  const { id } = state.row
  const claimUrl = claimPath(deps, id)
  deps.audit.refused(id, 'code.premature', agentActor(state.row, caller), { route })
  const verdict = deps.rates.failedTokens(id, caller.remote)
  if (!verdict.ok) return handshakeErrors.rateLimited({ retryAfter: verdict.retryAfter })
  return handshakeErrors.invalidToken({ message: claimFirst(deps, id), details: { claimUrl } })
}

/** What a prompt that must be claimed first is told (contract 15.2). */
export const claimFirst = (deps: HandshakeDeps, id: string): string =>
  `claim this prompt first: POST ${claimPath(deps, id)}`

const claimPath = (deps: HandshakeDeps, id: string): string => `${deps.options.prefix}/session/${id}/claim`

/** Refuses pages of other origins (contract W13). Without an `Origin` it is no page. */
export function assertOrigin(deps: HandshakeDeps, caller: Caller): void {
  if (!isOriginAllowed(caller.origin ?? null, caller.selfOrigins, deps.options.allowedOrigins))
    throw handshakeErrors.originNotAllowed()
}

export const hasBrowserKey = ({ row }: HandshakeState, key: string | undefined): boolean =>
  matchesHash(key, row.browserKeyHash)

/** The gate of browser routes: origin, then the handshake, then its browser key or the application's own check. */
export async function openForBrowser(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
  route: string,
): Promise<HandshakeState> {
  assertOrigin(deps, caller)
  const state = await getOpen(deps, id)
  if (hasBrowserKey(state, caller.browserKey) || (await isApproved(deps, caller, state))) {
    deps.touches.touch(state)
    return state
  }
  deps.audit.refused(id, 'request.refused', browserActor(state.row, caller), {
    route,
    reason: 'browser auth failed',
  })
  const verdict = deps.rates.failedTokens(id, caller.remote)
  throw verdict.ok
    ? handshakeErrors.browserAuthFailed()
    : handshakeErrors.rateLimited({ retryAfter: verdict.retryAfter })
}

async function isApproved(deps: HandshakeDeps, caller: Caller, state: HandshakeState): Promise<boolean> {
  const browserAuth = caller.browserAuth ?? deps.options.requireBrowserAuth
  if (!browserAuth || !caller.request) return false
  const session = new HandshakeSession(deps, state, browserActor(state.row, caller))
  return (await browserAuth(caller.request, session)) === true
}
