import { fakeClock } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { type Asked, fakeFetch, json } from '../http-edge.test.support.js'
import { mintToken } from '../mint.js'
import { enroll, provision } from './enrol.js'
import { clientCredentials } from './identity-token.js'
import { setPolicies } from './policy.js'

const url = 'wss://c.example/relay'
const secret = 'ab'.repeat(32)
const enrolled = { secret, deliveryKey: 'cd'.repeat(32), tenant: 'org-17', gatewayId: 'gw-7' }
const bodies = (asked: Asked[]) => asked.map(({ body }) => JSON.parse(body) as unknown)
const identities = [
  { platform: 'discord', botId: '1180' },
  { platform: 'telegram', botId: '7' },
  { platform: 'slack', botId: 'B1' },
]

// proves: relay.f22
describe('enrolling', () => {
  test('exchanges a token for a secret', async () => {
    const { asked, fetch } = fakeFetch(() => json(enrolled))

    const got = await enroll({
      url,
      fetch,
      identityToken: async () => 'idp',
      enrollmentToken: 'et_9f',
      gatewayId: 'gw-7',
      wakeUrl: 'https://me.example/wake',
      displayName: `  ${'x'.repeat(70)} `,
      instanceId: '',
    })

    expect(got).toEqual(enrolled)
    expect(asked[0]).toMatchObject({
      url: 'https://c.example/relay/enroll',
      method: 'POST',
      redirect: 'error',
    })
    expect(asked[0]!.headers.get('authorization')).toBe('Bearer idp')
    expect(bodies(asked)).toEqual([
      {
        enrollmentToken: 'et_9f',
        gatewayId: 'gw-7',
        wakeUrl: 'https://me.example/wake',
        displayName: 'x'.repeat(64),
      },
    ])
  })

  test.each([
    [() => json({ error: 'enrolment token is invalid' }, 403), 403, 'enrolment token is invalid'],
    [() => new Response('<html>', { status: 502 }), 502, 'the call failed with 502'],
    [() => json({ tenant: 'org-17' }), 502, 'without a secret'],
    [() => Promise.reject(new Error(`refused with ${secret}`)), 0, 'the address could not be reached'],
  ])('throws what may be shown', async (answer, status, message) => {
    const { fetch } = fakeFetch(answer)

    const outcome = enroll({ url, fetch, identityToken: 'idp', enrollmentToken: 'et', gatewayId: 'gw' })

    await expect(outcome).rejects.toMatchObject({
      status,
      message: expect.stringContaining(message) as unknown,
    })
    await expect(outcome).rejects.not.toMatchObject({ message: expect.stringContaining(secret) as unknown })
  })
})

// proves: relay.f23
describe('provisioning', () => {
  test('calls once for each platform with the same gateway, and keeps the first secret', async () => {
    let count = 0
    const { asked, fetch } = fakeFetch(() => json({ ...enrolled, secret: `secret ${++count}` }))

    const { credential, provisioned, failures } = await provision({
      url,
      fetch,
      identityToken: 'idp',
      gatewayId: 'gw-7',
      identities,
      routeKeys: ['G1'],
    })

    expect([credential?.secret, provisioned, failures]).toEqual(['secret 1', identities, []])
    expect(bodies(asked)).toEqual(
      identities.map((identity) => ({
        ...identity,
        gatewayId: 'gw-7',
        gatewayEndpoint: '',
        routeKeys: ['G1'],
      })),
    )
  })

  test('goes on after one that failed, and takes the secret of the first that did not', async () => {
    const { fetch } = fakeFetch(({ body }) =>
      body.includes('discord')
        ? json({ error: 'a route key belongs to somebody else' }, 409)
        : json(enrolled),
    )

    const result = await provision({ url, fetch, identityToken: 'idp', gatewayId: 'gw-7', identities })

    expect(result.credential).toEqual(enrolled)
    expect(result.provisioned.map(({ platform }) => platform)).toEqual(['telegram', 'slack'])
    expect(result.failures).toMatchObject([{ platform: 'discord', error: { status: 409 } }])
  })

  test('that fails for all has no secret, and does not throw', async () => {
    const { fetch } = fakeFetch(() => json({ error: 'forbidden' }, 403))

    const result = await provision({ url, fetch, identityToken: 'idp', gatewayId: 'gw-7', identities })

    expect(result.credential).toBeUndefined()
    expect(result.failures).toHaveLength(3)
  })
})

// proves: relay.f24
describe('policies', () => {
  const credential = { gatewayId: 'gw-7', secret }

  test('are set one call for each platform, with the upgrade token', async () => {
    const clock = fakeClock()
    const { asked, fetch } = fakeFetch(() => json({ ok: true }))

    const failures = await setPolicies({
      ...credential,
      url,
      fetch,
      clock,
      policies: [
        { platform: 'discord', requireAddress: true, freeResponseScopes: ['C7'] },
        { platform: 'telegram', requireAddress: false, allowOtherBots: true },
      ],
    })

    expect(failures).toEqual([])
    expect(asked[0]!.url).toBe('https://c.example/relay/policy')
    expect(asked[0]!.headers.get('authorization')).toBe(`Bearer ${mintToken(credential, clock)}`)
    expect(bodies(asked)).toEqual([
      { platform: 'discord', requireAddress: true, freeResponseScopes: ['C7'], allowOtherBots: false },
      { platform: 'telegram', requireAddress: false, freeResponseScopes: [], allowOtherBots: true },
    ])
  })

  test.each([201, 204, 500])('count as failed with %d', async (status) => {
    const { fetch } = fakeFetch(() => new Response(status === 204 ? null : '{}', { status }))

    const failures = await setPolicies({
      ...credential,
      url,
      fetch,
      policies: [{ platform: 'discord', requireAddress: true }],
    })

    expect(failures).toMatchObject([{ platform: 'discord', error: { status } }])
  })

  test('that are none are not sent', async () => {
    const { asked, fetch } = fakeFetch(() => json({}))

    await setPolicies({ ...credential, url, fetch, policies: [] })

    expect(asked).toEqual([])
  })
})

describe('client credentials', () => {
  const credentials = {
    tokenUrl: 'https://idp.example/token',
    clientId: 'me',
    clientSecret: 'word&',
    scope: 'relay',
  }

  test('are exchanged for a token', async () => {
    const { asked, fetch } = fakeFetch(() => json({ access_token: 'idp' }))

    expect(await clientCredentials(credentials, { fetch })()).toBe('idp')
    expect(Object.fromEntries(new URLSearchParams(asked[0]!.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'me',
      client_secret: 'word&',
      scope: 'relay',
    })
    expect(asked[0]!.headers.get('authorization')).toBeNull()
  })

  test('that are refused throw', async () => {
    const { fetch } = fakeFetch(() => json({ error: 'invalid_client' }, 401))

    await expect(clientCredentials(credentials, { fetch })()).rejects.toMatchObject({
      status: 401,
      message: 'invalid_client',
    })
  })
})
