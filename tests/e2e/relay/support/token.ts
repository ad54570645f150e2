// Upgrade tokens, made from the words of the contract (2.2) and not from the plane's own code.
import { createHmac } from 'node:crypto'

export type Signing = {
  gatewayId: string
  secret: string
  /** Unix seconds. */
  exp: number
}

/** `base64url(gatewayId:exp:hmac)`, without padding. The secret is used as text. */
export function mintToken({ gatewayId, secret, exp }: Signing): string {
  const signed = `${gatewayId}:${exp}`
  return encode(`${signed}:${signatureOf(signed, secret)}`)
}

export const signatureOf = (signed: string, secret: string): string =>
  createHmac('sha256', Buffer.from(secret, 'utf8')).update(signed, 'utf8').digest('hex')

export const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64url')
export const decode = (token: string): string => Buffer.from(token, 'base64url').toString('utf8')
