import { isOriginAllowed } from '@parley/kernel/origin'
import { frameTexts } from '../protocol/index.js'
import { claimFirst, getOpen, hasBrowserKey, isAgentCredential } from '../service/access.js'
import type { Caller } from '../service/caller.js'
import type { HandshakeDeps } from '../service/deps.js'
import type { HandshakeState } from '../service/state.js'

/** What a socket may do: the page's own, one that only watches, or refused with a text for the `error` frame. */
export type Admission =
  | { outcome: 'browser' | 'plain' | 'legacy'; state: HandshakeState }
  | { outcome: 'refused'; msg: string }

const refuse = (msg: string): Admission => ({ outcome: 'refused', msg })

/**
 * Decides about a socket (contract 4.3, W2, W13). With a browser key in the path that key alone decides: a page whose
 * token was claimed meanwhile comes back with the old one in its address.
 */
export async function admit(deps: HandshakeDeps, caller: Caller, id: string): Promise<Admission> {
  const { options } = deps
  const isBrowserPath = caller.browserKey !== undefined
  const isOwnPage = isOriginAllowed(caller.origin ?? null, caller.selfOrigins, options.allowedOrigins)
  if (isBrowserPath && !isOwnPage) return refuse(frameTexts.originNotAllowed)
  if (!isBrowserPath && options.plainSocket === 'deny') return refuse('plain sockets are not allowed')

  const state = await getOpen(deps, id).catch(() => undefined)
  if (!state) return refuse(frameTexts.sessionNotFound)
  const isRight = isBrowserPath
    ? hasBrowserKey(state, caller.browserKey)
    : isAgentCredential(state, caller.token)
  if (!isRight) {
    const { ok } = deps.rates.failedTokens(id, caller.remote)
    return refuse(ok ? frameTexts.invalidToken : 'rate limit exceeded')
  }
  if (!isBrowserPath && options.requireClaim && !state.row.claim) return refuse(claimFirst(deps, id))
  deps.touches.touch(state)
  if (isBrowserPath) return { outcome: 'browser', state }
  return { outcome: options.plainSocket === 'legacy' ? 'legacy' : 'plain', state }
}
