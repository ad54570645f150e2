import type { Handshake } from './model/handshake.js'

/** Open (and whether an agent took it), expired, or revoked. */
export function StateBadge({ handshake }: { handshake: Pick<Handshake, 'state' | 'endReason' | 'claimed'> }) {
  const { state, endReason, claimed } = handshake
  const badge =
    state === 'open' ? (claimed ? claimedBadge : openBadge) : endReason === 'revoked' ? revoked : ended
  return (
    <span data-testid="state" data-state={endReason ?? state} className={`badge ${badge.className}`}>
      {badge.text}
    </span>
  )
}

const openBadge = { text: 'Open', className: 'badge-accent' }
const claimedBadge = { text: 'Open · claimed', className: 'badge-agent' }
const revoked = { text: 'Revoked', className: 'badge-danger' }
const ended = { text: 'Expired', className: '' }
