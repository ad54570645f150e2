import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose'
import { onTestFinished } from 'vitest'

/** One key of a provider: what signs with it, and what the provider publishes of it. */
export async function makeKey(alg: 'RS256' | 'ES256', kid?: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const published = { ...(await exportJWK(publicKey)), ...(kid !== undefined && { kid }) }
  const sign = (claims: JWTPayload, header = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg, ...(kid !== undefined && { kid }), ...header })
      .sign(privateKey)
  /** By the same key, in another way. */
  const signAs = async (other: string, claims: JWTPayload) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: other, ...(kid !== undefined && { kid }) })
      .sign(await importJWK(await exportJWK(privateKey), other))
  return { published, sign, signAs }
}

/** An identity provider that publishes keys; `answer` may be replaced at any time. */
export async function openProvider(keys: object[]) {
  const provider = { asked: 0, answer: { status: 200, body: JSON.stringify({ keys }) }, jwksUrl: '' }
  const server = createServer((_request, response) => {
    provider.asked += 1
    response.writeHead(provider.answer.status, { 'content-type': 'application/json' })
    response.end(provider.answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  provider.jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
  return provider
}
