// What the panel says about the agent: one state at a time, moved by what the client tells.

import type { ConnectionStatus } from '@parley/handshake/client'

export type Status =
  | { readonly state: 'idle' }
  | { readonly state: 'starting' }
  | { readonly state: 'connected' }
  | { readonly state: 'reconnecting' }
  | { readonly state: 'writing'; readonly fields: number }
  | {
      readonly state: 'done'
      readonly applied: number
      readonly rejected: readonly string[]
      readonly missing: readonly string[]
    }
  | { readonly state: 'expired' }
  | { readonly state: 'revoked' }

export type News =
  | { readonly kind: 'asked' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'socket'; readonly status: ConnectionStatus; readonly reason?: string }
  | { readonly kind: 'action' }
  | {
      readonly kind: 'done'
      readonly applied: number
      readonly rejected: readonly string[]
      readonly missing: readonly string[]
    }
  | { readonly kind: 'stopped' }

/** True while there is a session that an agent can use. */
export function isActive({ state }: Status): boolean {
  return state !== 'idle' && state !== 'starting' && !isOver({ state } as Status)
}

/** True when the session has ended; a new one can begin. */
export function isOver({ state }: Status): boolean {
  return state === 'expired' || state === 'revoked'
}

/** The state after some news. An ended session stays ended until the next one is asked for. */
export function nextStatus(status: Status, news: News): Status {
  if (news.kind === 'asked') return { state: 'starting' }
  if (news.kind === 'failed') return { state: 'idle' }
  if (isOver(status)) return status
  switch (news.kind) {
    case 'socket':
      return afterSocket(status, news.status, news.reason)
    case 'action':
      return { state: 'writing', fields: status.state === 'writing' ? status.fields + 1 : 1 }
    case 'done':
      return { state: 'done', applied: news.applied, rejected: news.rejected, missing: news.missing }
    case 'stopped':
      return { state: 'revoked' }
  }
}

function afterSocket(status: Status, socket: ConnectionStatus, reason?: string): Status {
  if (socket === 'waiting') return { state: 'reconnecting' }
  if (socket === 'ended') return { state: reason === 'session revoked' ? 'revoked' : 'expired' }
  if (socket === 'open' && (status.state === 'starting' || status.state === 'reconnecting'))
    return { state: 'connected' }
  return status
}
