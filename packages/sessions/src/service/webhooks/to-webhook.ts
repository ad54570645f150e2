// Which event of a session is which webhook (sections 4.4 and 7), whatever the generation of its host.

import { sessionEvents, type WebhookEventType } from '../../protocol/index.js'
import type { Happened } from '../port.js'
import { isTurnEnd } from '../turns.js'

/** What receivers are told. */
export type WebhookEvent = {
  type: WebhookEventType
  data: Record<string, unknown>
  /** Told once for each value; absent: whenever it happens. */
  once?: string
  /** Read off the host's events, because it has not called back so far. */
  derived: boolean
}

/** The webhook of an event, or nothing. Hosts that call back say themselves when a turn ended and what failed. */
export function toWebhookEvent({ session, event, via }: Happened): WebhookEvent | undefined {
  const { type, data } = event
  const derived = via === undefined
  const isTold = derived && session.callsBack
  switch (type) {
    case sessionEvents.permissionRequest:
      return { type: 'permission_request', data, once: `permission_request:${data.requestId}`, derived }
    case sessionEvents.terminated:
      return { type: 'session_end', data: toEndData(data), once: 'session_end', derived }
    case sessionEvents.error:
      return isTold ? undefined : { type: 'error', data, derived }
    case 'end_turn':
      return derived ? undefined : { type: 'end_turn', data, derived }
    case sessionEvents.rpc:
      return isTold ? undefined : toEndTurn(data)
    default:
      return undefined
  }
}

// The wire's -1 means that it was killed: then there is no exit code.
function toEndData({ exitCode, reason }: Record<string, unknown>): Record<string, unknown> {
  const code = typeof exitCode === 'number' && exitCode >= 0 ? exitCode : null
  return { exitCode: code, ...(typeof reason === 'string' && { reason }) }
}

function toEndTurn(data: Record<string, unknown>): WebhookEvent | undefined {
  if (!isTurnEnd(data)) return undefined
  const { payload, turnId } = data
  if (isFailure(payload)) return undefined
  const once = typeof turnId === 'string' ? { once: `end_turn:${turnId}` } : {}
  return { type: 'end_turn', data: { promptResponse: payload ?? null }, ...once, derived: true }
}

const isFailure = (payload: unknown): boolean =>
  typeof payload === 'object' && payload !== null && 'error' in payload
