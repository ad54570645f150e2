import { fakeClock } from '@parley/testkit'
import { SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeKey, openProvider } from './keys.test.support.js'
import { oidcCallers } from './oidc-callers.js'

const clock = fakeClock()
const now = clock.now() / 1_000
const good = { iss: 'https://id.example', aud: 'relay', exp: now + 60, tid: 'org-17' }
let rsa: Awaited<ReturnType<typeof makeKey>>
let ec: typeof rsa
let stranger: typeof rsa

beforeAll(async () => {
  ;[rsa, ec, stranger] = await Promise.all([
    makeKey('RS256', 'r'),
    makeKey('ES256', 'e'),
    makeKey('RS256', 'r'),
  ])
})

async function open(options = {}) {
  const provider = await openProvider([rsa.published, ec.published])
  const verify = oidcCallers({
    issuer: 'https://id.example',
    audience: 'relay',
    jwksUrl: provider.jwksUrl,
    clock,
    ...options,
  })
  return { provider, verify }
}

describe('an identity token', () => {
  it('of RS256 or ES256 tells the tenant', async () => {
    const { verify, provider } = await open()

    expect(await verify(await rsa.sign(good))).toEqual({ tenant: 'org-17' })
    expect(await verify(await ec.sign({ ...good, aud: ['other', 'relay'] }))).toEqual({ tenant: 'org-17' })
    expect(provider.asked).toBe(1)
  })

  it('may have another claim for it', async () => {
    const { verify } = await open({ tenantClaim: 'https://x.example/org' })

    expect(await verify(await rsa.sign({ ...good, 'https://x.example/org': 'o' }))).toEqual({ tenant: 'o' })
    expect(await verify(await rsa.sign(good))).toBeUndefined()
  })

  it.each([
    ['of another issuer', { iss: 'https://id.example/' }],
    ['for another audience', { aud: 'relay2' }],
    ['without an audience', { aud: undefined }],
    ['that is expired', { exp: now - 1 }],
    ['that never expires', { exp: undefined }],
    ['that is not valid yet', { nbf: now + 60 }],
    ['without a tenant', { tid: undefined }],
    ['of a blank tenant', { tid: '' }],
    ['of a tenant that is no text', { tid: ['org-17'] as unknown as string }],
  ])('%s is refused', async (_name, claims) => {
    const { verify } = await open()
    expect(await verify(await rsa.sign({ ...good, ...claims }))).toBeUndefined()
  })

  it('that somebody else has signed is refused, by whatever algorithm', async () => {
    const { verify } = await open()
    const [header, payload, signature] = (await rsa.sign(good)).split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const shared = await new SignJWT(good)
      .setProtectedHeader({ alg: 'HS256', kid: 'r' })
      .sign(new TextEncoder().encode(JSON.stringify(rsa.published)))

    for (const forged of [
      await stranger.sign(good),
      await rsa.sign(good, { kid: 'unknown' }),
      await rsa.signAs('PS256', good),
      await rsa.signAs('RS512', good),
      shared,
      `${none}.${payload}.`,
      `${header}.${Buffer.from(JSON.stringify({ ...good, tid: 'org-18' })).toString('base64url')}.${signature}`,
      `${header}.${payload}`,
      'a.b.c',
      '...',
      '',
      'x',
    ])
      expect(await verify(forged), forged).toBeUndefined()
  })

  it('without a key id is tried with every key that fits', async () => {
    const [first, second, third] = await Promise.all([makeKey('RS256'), makeKey('RS256'), makeKey('RS256')])
    const { jwksUrl } = await openProvider([first.published, second.published])
    const verify = oidcCallers({ issuer: good.iss, audience: 'relay', jwksUrl, clock })

    for (const key of [first, second])
      expect(await verify(await key.sign(good))).toEqual({ tenant: 'org-17' })
    expect(await verify(await third.sign(good))).toBeUndefined()
  })
})

it.each([
  ['is away', { status: 503, body: '' }],
  ['talks nonsense', { status: 200, body: '<html>' }],
])('a provider that %s says nothing of a token', async (_name, answer) => {
  const { verify, provider } = await open()
  const right = provider.answer
  provider.answer = answer

  await expect(verify(await rsa.sign(good))).rejects.toThrow()
  provider.answer = right
  expect(await verify(await rsa.sign(good))).toEqual({ tenant: 'org-17' })
})
