// Signatures of webhooks (sections 7 and 14.9). Beside the rooms, because it needs Node.
import { createHmac, timingSafeEqual } from 'node:crypto'

/** `sha256=` and the HMAC-SHA256 of the exact body under `secret`, in lower-case hex. */
export function signWebhookPayload(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/**
 * True when `signature` (with its `sha256=`) is that of the exact body. Compares in constant time and never throws.
 *
 * ```ts
 * const isOurs = verifyWebhookSignature(secret, text, request.headers.get('x-flamecast-signature') ?? '')
 * ```
 */
export function verifyWebhookSignature(secret: string, body: string, signature: string): boolean {
  const expected = Buffer.from(signWebhookPayload(secret, body))
  const given = Buffer.from(signature)
  // WHY bytes: a text of the right length may have more bytes, and then the comparison would throw.
  return expected.length === given.length && timingSafeEqual(expected, given)
}
