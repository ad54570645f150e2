import { isParleyError } from '../errors/index.js'
import type { Clock } from '../ids/index.js'
import type { Delivery, Send, SendOutcome } from './port.js'
import type { GuardedAnswer, GuardedFetch } from './safe-fetch.js'
import { signWebhook } from './webhook-signature.js'

/** Where a webhook goes, as it is known when it is sent. */
export type WebhookEndpoint = {
  url: string
  /** One, or two while one replaces the other. */
  secret: string | readonly string[]
  /** Sent besides; ours win. */
  headers?: Readonly<Record<string, string>>
}

export type SendWebhookOptions = {
  guard: GuardedFetch
  clock: Clock
  /** The endpoint of a delivery, read for each attempt, so that secrets stay out of the outbox. Nothing: it is dead. */
  endpoint(delivery: Delivery): Promise<WebhookEndpoint | undefined>
  /** Told when the receiver answered 410: it wants nothing any more. The outcome has status 410 as well. */
  onGone?(delivery: Delivery): Promise<void>
}

const neverAgain = ['delivery.invalid_address', 'delivery.address_not_allowed']

/**
 * The `send` of a webhook queue: posts the payload as JSON with a signature, through the guard. 2xx is sent; 408, 429
 * (with its `Retry-After`), 3xx, 5xx and a network that failed are tried again; everything else is dead.
 */
export function sendWebhook({ guard, clock, endpoint, onGone }: SendWebhookOptions): Send {
  return async (delivery, { signal }) => {
    const found = await endpoint(delivery)
    if (!found) return { outcome: 'dead', error: 'The endpoint does not exist any more.' }
    const { id, payload: body } = delivery
    const timestamp = Math.floor(clock.now() / 1000)
    const signature = signWebhook({ id, timestamp, body, secret: found.secret })
    const headers = { ...toOwnHeaders(found.headers), 'content-type': 'application/json', ...signature }
    try {
      const answer = await guard.fetch(found.url, { method: 'POST', headers, body, signal })
      if (answer.status === 410) await onGone?.(delivery)
      return toOutcome(answer, clock.now())
    } catch (error) {
      return toFailure(error)
    }
  }
}

// Names in lower case, so that one of ours replaces one of theirs. `host` follows from the URL.
function toOwnHeaders(headers: WebhookEndpoint['headers'] = {}): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return Object.fromEntries(entries.filter(([name]) => name !== 'host'))
}

function toOutcome({ status, headers }: GuardedAnswer, now: number): SendOutcome {
  if (status >= 200 && status < 300) return { outcome: 'sent', status }
  const error = `The endpoint answered ${status}.`
  if (status !== 408 && status !== 429 && status < 500) return { outcome: 'dead', error, status }
  return { outcome: 'retry', error, status, retryAfterMs: toRetryAfterMs(headers['retry-after'], now) }
}

/** A network error by its code: its text may hold an address. */
function toFailure(error: unknown): SendOutcome {
  if (!isParleyError(error)) throw error
  const { code, message, details } = error
  const text = typeof details?.reason === 'string' ? `${message} (${details.reason})` : message
  const status = typeof details?.status === 'number' ? details.status : undefined
  if (neverAgain.includes(code)) return { outcome: 'dead', error: text }
  return { outcome: 'retry', error: text, status }
}

/** `Retry-After` in milliseconds: seconds, or a date. Nothing when it is neither. */
export function toRetryAfterMs(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim() ?? ''
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
