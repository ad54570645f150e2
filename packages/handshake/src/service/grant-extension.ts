import type { ChangeDraft } from './draft.js'
import { secondsLeft } from './state.js'

/**
 * Drafts an extension: the time to live grows and starts anew (contract 2.2), shortened so that the handshake
 * never gets older than it may. Answers what was granted and what is left; nothing granted means refused.
 */
export function grantExtension(
  draft: ChangeDraft,
  seconds: number,
  maxLifetimeSeconds: number,
): { extended: number; expiresIn: number } {
  const { row } = draft
  const now = draft.nextAt()
  const age = (now - row.createdAt) / 1e6
  const extended = Math.floor(Math.min(seconds, maxLifetimeSeconds - age - row.ttlSeconds))
  if (extended < 1) return { extended: 0, expiresIn: 0 }
  const ttlSeconds = row.ttlSeconds + extended
  draft.patch({ ttlSeconds, touchedAt: now, expiresAt: now + ttlSeconds * 1e6 })
  const expiresIn = secondsLeft(draft.row, now)
  draft.event('handshake.extended', { extraSeconds: extended, expiresIn })
  return { extended, expiresIn }
}
