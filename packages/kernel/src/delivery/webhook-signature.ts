// Signatures of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`.
import { timingSafeEqual } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { Ids } from '../ids/index.js'

export type WebhookHeaders = {
  'webhook-id': string
  /** Unix time in seconds. */
  'webhook-timestamp': string
  /** One `v1,<base64>` a secret, separated by spaces. */
  'webhook-signature': string
}

export type SignWebhookOptions = {
  /** The same in every attempt, so that the receiver can drop repeats. */
  id: string
  /** When it is sent, in seconds since 1970. */
  timestamp: number
  /** The exact text that is sent. */
  body: string
  /** `whsec_…`. Two while one replaces the other: the receiver accepts either. */
  secret: string | readonly string[]
}

/** A new secret: `whsec_` and 256 random bits as base64. */
export function newWebhookSecret(ids: Ids): string {
  return `whsec_${Buffer.from(ids.hex(32), 'hex').toString('base64')}`
}

/** The headers that prove who sent a body, and when. Throws for a secret that is not base64. */
export function signWebhook({ id, timestamp, body, secret }: SignWebhookOptions): WebhookHeaders {
  const at = new Date(timestamp * 1000)
  const signatures = toList(secret).map((one) => new Webhook(one).sign(id, at, body))
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  }
}

export type VerifyWebhookOptions = {
  /** With names in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  /** The exact text that arrived. */
  body: string
  /** Any of these may have signed. */
  secret: string | readonly string[]
  /** Milliseconds since 1970. */
  now: number
  /** How far the timestamp may be from `now`, in both directions. Default 300,000. */
  toleranceMs?: number
}

/** True when one of the secrets signed the body, and lately. */
export function verifyWebhook({
  headers,
  body,
  secret,
  now,
  toleranceMs = 300_000,
}: VerifyWebhookOptions): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers
  if (!id || !signature || !at || !/^\d{1,12}$/.test(at)) return false
  const timestamp = Number(at)
  if (Math.abs(now - timestamp * 1000) > toleranceMs) return false
  const expected = signWebhook({ id, timestamp, body, secret })['webhook-signature'].split(' ')
  // LIMIT: a stranger chooses how many there are.
  const given = signature.split(' ').slice(0, 20)
  return given.some((one) => expected.some((wanted) => isEqual(one, wanted)))
}

const toList = (secret: string | readonly string[]) => (typeof secret === 'string' ? [secret] : secret)

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
