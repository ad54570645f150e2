// Sends one delivery by the rules of section 7.

import type { Delivery, GuardedAnswer, GuardedFetch, Send, SendOutcome } from '@parley/kernel/delivery'
import { isParleyError } from '@parley/kernel/errors'
import type { WebhookConfig } from '../../protocol/index.js'
import type { SessionsStore } from '../../store/port.js'
import { signWebhookPayload } from '../../verify.js'
import { targetOf } from './enqueue.js'

/** Pauses before the second, third … attempt. After the last attempt it is given up. */
export const pausesMs = [5_000, 30_000, 120_000, 600_000] as const

type SenderDeps = { store: Pick<SessionsStore, 'sessions'>; guard: GuardedFetch }

/** The `send` of the queue of webhooks. */
export function webhookSender({ store, guard }: SenderDeps): Send {
  return async (delivery, { signal }) => {
    const { sessionId, webhookId } = targetOf(delivery)
    const webhook = (await store.sessions.listWebhooks(sessionId)).find(({ id }) => id === webhookId)
    if (!webhook) return { outcome: 'dead', error: 'The webhook does not exist any more.' }
    try {
      return toOutcome(await post(guard, webhook, delivery, signal), delivery)
    } catch (error) {
      return toFailure(error, delivery)
    }
  }
}

function post(
  guard: GuardedFetch,
  { url, secret }: WebhookConfig,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<GuardedAnswer> {
  const { sessionId, eventId } = targetOf(delivery)
  const headers = {
    'content-type': 'application/json',
    'x-flamecast-signature': signWebhookPayload(secret, delivery.payload),
    'x-flamecast-event-id': eventId,
    'x-flamecast-session-id': sessionId,
  }
  return guard.fetch(url, { method: 'POST', headers, body: delivery.payload, signal })
}

function toOutcome({ status, headers }: GuardedAnswer, delivery: Delivery): SendOutcome {
  if (status >= 200 && status < 300) return { outcome: 'sent', status }
  const error = `The receiver answered ${status}.`
  if (status === 429) return again(delivery, { error, status, extraMs: toExtraMs(headers['retry-after']) })
  if (status >= 400 && status < 500) return { outcome: 'dead', error, status }
  return again(delivery, { error, status })
}

const neverAgain = ['delivery.invalid_address', 'delivery.address_not_allowed']

/** A network error by its code: its text may hold an address. */
function toFailure(error: unknown, delivery: Delivery): SendOutcome {
  if (!isParleyError(error)) throw error
  const { code, message, details } = error
  const text = typeof details?.reason === 'string' ? `${message} (${details.reason})` : message
  if (neverAgain.includes(code)) return { outcome: 'dead', error: text }
  const status = typeof details?.status === 'number' ? details.status : undefined
  return again(delivery, { error: text, status })
}

type Failure = { error: string; status?: number; extraMs?: number }

/** What `Retry-After` asks for is waited in addition to the pause that is due anyway. */
function again({ failures }: Delivery, { error, status, extraMs = 0 }: Failure): SendOutcome {
  const pause = pausesMs[failures]
  if (pause === undefined) return { outcome: 'dead', error, status }
  return { outcome: 'retry', error, status, ...(extraMs > 0 && { retryAfterMs: pause + extraMs }) }
}

/** Whole seconds, in milliseconds; everything else is no wish. */
function toExtraMs(header: string | string[] | undefined): number {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim() ?? ''
  return /^\d{1,10}$/.test(text) ? Number(text) * 1000 : 0
}
