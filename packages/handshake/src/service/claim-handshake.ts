import type { Micros } from '@parley/kernel/ids'
import { handshakeErrors } from '../errors.js'
import { type ClaimAnswer, parseClaimRequest, toTimestamp } from '../protocol/index.js'
import type { HandshakeRow } from '../store/port.js'
import { getOpen, refuseToken } from './access.js'
import { agentActor, type Caller } from './caller.js'
import { changeHandshake } from './change.js'
import { hashCredential, matchesHash } from './credentials.js'
import type { HandshakeDeps } from './deps.js'
import { latestTouch, secondsLeft } from './state.js'

/**
 * Trades the prompt's token for one that only this agent has, once (contract W4). From then on the prompt
 * opens nothing. Throws `handshake.already_claimed` for a second try with the same prompt.
 */
export async function claimHandshake(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
  body: Record<string, unknown>,
): Promise<ClaimAnswer> {
  const state = await getOpen(deps, id)
  if (!matchesHash(caller.token, state.row.tokenHash)) throw refuseToken(deps, caller, state, 'claim')
  const { label, agent } = parseClaimRequest(body)
  const agentToken = deps.ground.ids.token(24)
  const claimId = deps.ground.ids.next('clm')

  const row = await changeHandshake(deps, id, agentActor(state.row, caller), (draft, current) => {
    if (current.row.claim) return undefined
    const at = draft.nextAt()
    const claim = { claimId, label: label || null, agent: agent || null, at: toTimestamp(at) }
    draft.patch({
      claim,
      agentTokenHash: hashCredential(agentToken),
      ...touched(current.row, at, deps.options.maxLifetimeSeconds),
    })
    draft.event('handshake.claimed', claim)
    return draft.row
  })
  if (!row) {
    deps.audit.refused(id, 'claim.refused', agentActor(state.row, caller), { reason: 'already claimed' })
    throw handshakeErrors.alreadyClaimed()
  }
  deps.sockets.flush(id)
  return answer(deps, id, { agentToken, claimId, expiresIn: secondsLeft(row, deps.ground.clock.micros()) })
}

function touched(row: HandshakeRow, now: Micros, maxLifetimeSeconds: number) {
  const touchedAt = Math.max(row.touchedAt, Math.min(now, latestTouch(row, maxLifetimeSeconds)))
  return { touchedAt, expiresAt: touchedAt + row.ttlSeconds * 1e6 }
}

function answer(
  { options: { prefix } }: HandshakeDeps,
  id: string,
  credentials: { agentToken: string; claimId: string; expiresIn: number },
): ClaimAnswer {
  return {
    ok: true,
    ...credentials,
    contextUrl: `${prefix}/context/${id}`,
    actionUrl: `${prefix}/action/${id}`,
    diffUrl: `${prefix}/diff/${id}`,
    extendUrl: `${prefix}/session/${id}/extend`,
  }
}
