// Proof that a request comes from Discord: https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers

import { createPublicKey, verify } from 'node:crypto'
import type { EdgeRequest } from '../port.js'

export type IsSigned = (request: Pick<EdgeRequest, 'headers' | 'body'>) => boolean

const longestTimestamp = 32

/** `publicKey`: 64 hexadecimal characters; without one nothing is believed. */
export function signatureCheck(publicKey: string | undefined): IsSigned {
  if (publicKey === undefined) return () => false
  const x = Buffer.from(publicKey, 'hex').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return ({ headers, body }) => {
    const signature = headers.get('x-signature-ed25519') ?? ''
    const timestamp = headers.get('x-signature-timestamp') ?? ''
    if (!/^[0-9a-f]{128}$/i.test(signature)) return false
    if (timestamp === '' || timestamp.length > longestTimestamp) return false
    const signed = Buffer.concat([Buffer.from(timestamp, 'latin1'), body])
    return verify(null, signed, key, Buffer.from(signature, 'hex'))
  }
}
