import { describe, expect, it } from 'vitest'
import { openDoor } from './door.test.support.js'

const open = openDoor
const jsonPaths = [
  '/relay/enroll',
  '/relay/provision',
  '/relay/policy',
  '/manage/link',
  '/manage/scope',
  '/manage/scope/release',
  '/manage/principal',
  '/manage/dm-default',
  '/manage/wake',
  '/manage/deprovision',
]
const chat = { platform: 'discord', scopeId: 'G1', chatId: 'C1' }

describe('who calls', () => {
  it.each([...jsonPaths.map((path) => ['POST', path]), ['POST', '/relay/media'], ['GET', '/relay/media/x']])(
    'is asked before anything else on %s %s',
    async (method, path) => {
      const { ask, faults } = await open()
      for (const token of [undefined, 'x', 'a.b.c', 'Bearer'])
        for (const body of method === 'GET' ? [undefined] : ['{"half":', 'x'.repeat(100_000), '[]', {}]) {
          const answer = await ask(method!, path!, { token, body })
          expect([answer.status, answer.body]).toEqual([401, { error: 'unauthorized' }])
        }
      expect(faults).toEqual([])
    },
  )

  it('may not be somebody of the other kind', async () => {
    const { ask, tokenOf } = await open()
    const token = await tokenOf('gw-1')
    expect((await ask('POST', '/relay/enroll', { token, body: {} })).status).toBe(401)
    expect((await ask('POST', '/manage/deprovision', { token: 'caller-17', body: {} })).status).toBe(401)
  })
})

describe('a body', () => {
  it.each(jsonPaths.filter((path) => path !== '/manage/deprovision'))(
    'that is wrong is refused on %s',
    async (path) => {
      const { ask, tokenOf, faults } = await open()
      const token =
        path.startsWith('/relay/policy') || path.startsWith('/manage') ? await tokenOf('gw-1') : 'caller-17'
      const refused = async (body: unknown) => {
        const answer = await ask('POST', path, { token, body })
        expect(Object.keys(answer.body)).toEqual(['error'])
        return [answer.status, answer.body.error]
      }

      expect(await refused('{"half":')).toEqual([400, 'the body is not JSON'])
      expect(await refused(new Uint8Array([0x7b, 0xff, 0x7d]))).toEqual([400, 'the body is not JSON'])
      for (const body of ['[]', 'null', '7', '"text"', '', '{}', '{"__proto__":{"platform":"discord"}}'])
        expect((await refused(body))[0], body).toBe(400)
      expect((await refused(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`))[0]).toBe(400)
      expect(await refused(`{"a":"${'x'.repeat(65_536)}"}`)).toEqual([413, 'payload too large'])
      expect(faults).toEqual([])
    },
  )
})

describe('an address', () => {
  it.each([
    ['GET', '/relay/enroll', 'POST'],
    ['PUT', '/relay/policy', 'POST'],
    ['DELETE', '/manage/link', 'POST'],
    ['GET', '/relay/media', 'POST'],
    ['POST', '/relay/media/x', 'HEAD, GET'],
  ])('answers %s %s with what it takes', async (method, path, allow) => {
    const { ask } = await open()
    const answer = await ask(method, path)
    expect([answer.status, answer.headers.get('allow'), answer.body]).toEqual([
      405,
      allow,
      { error: 'method not allowed' },
    ])
  })

  it.each([
    '/',
    '/relay',
    '/relay/',
    '/relay/nothing',
    '/manage',
    '/manage/link/x',
    '/manage/LINK',
    '/relay/%2e%2e',
  ])('that is none is not found: %s', async (path) => {
    const { ask } = await open()
    const answer = await ask('POST', path)
    expect([answer.status, answer.body]).toEqual([404, { error: 'not found' }])
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('enrolment and provisioning', () => {
  // proves: relay.f22
  it('exchange a token for a secret that works at once', async () => {
    const { ask, enrolment, outcomeOf } = await open()
    const { token } = await enrolment.createEnrolmentToken('org-17')
    const body = { enrollmentToken: token, gatewayId: 'gw-laptop' }

    const wrong = await ask('POST', '/relay/enroll', { token: 'caller-18', body })
    const right = await ask('POST', '/relay/enroll', { token: 'caller-17', body })
    const again = await ask('POST', '/relay/enroll', { token: 'caller-17', body })

    expect(right.status).toBe(200)
    expect(Object.keys(right.body).toSorted()).toEqual(['deliveryKey', 'gatewayId', 'secret', 'tenant'])
    expect(right.headers.get('cache-control')).toBe('no-store')
    expect(await outcomeOf(right.body.secret, 'gw-laptop')).toBe('accepted')
    for (const refused of [wrong, again])
      expect([refused.status, refused.body]).toEqual([
        403,
        { error: 'enrolment token is invalid, expired or already used' },
      ])
  })

  // proves: relay.f23
  it('refuse 403 for a foreign gateway and 409 for a foreign route key', async () => {
    const { ask } = await open()
    const provision = (token: string, body: object) =>
      ask('POST', '/relay/provision', { token, body: { platform: 'discord', botId: 'b1', ...body } })

    const mine = await provision('caller-17', { gatewayId: 'gw-7', routeKeys: ['G9'] })
    const foreign = await provision('caller-18', { gatewayId: 'gw-7' })
    const taken = await provision('caller-18', { gatewayId: 'gw-8', routeKeys: ['G9'] })
    const unknownBot = await provision('caller-18', { gatewayId: 'gw-8', platform: 'slack', botId: 's1' })

    expect([mine.status, mine.body.routeKeys]).toEqual([200, ['G9']])
    expect([foreign.status, foreign.body]).toEqual([403, { error: 'this gateway id can not be used' }])
    expect(taken.status).toBe(409)
    expect(unknownBot.status).toBe(200)
  })
})

describe('management', () => {
  // proves: relay.f24 relay.p20
  it('answers a policy with exactly 200, for one token several times', async () => {
    const { ask, tokenOf, store, mine } = await open()
    const token = await tokenOf('gw-1')
    for (const platform of ['discord', 'telegram'])
      expect((await ask('POST', '/relay/policy', { token, body: { platform } })).status).toBe(200)

    expect(await store.routing.relevance(mine, 'telegram')).toMatchObject({ requireAddress: true })
  })

  it('does what the contract says, for a gateway and for an operator', async () => {
    const { ask, tokenOf, jwt, link } = await open()
    await link('inst', 'u1')
    const tokens = [await tokenOf('gw-1'), await jwt({ aud: 'agent:inst', tid: 'org-17' })]
    for (const token of tokens) {
      const manage = async (name: string, body: object) => {
        const answer = await ask('POST', `/manage/${name}`, { token, body })
        return [answer.status, answer.body]
      }
      const ok = [200, { ok: true }]

      expect(await manage('link', { platform: 'discord' })).toEqual([
        200,
        {
          code: expect.stringMatching(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/),
          expiresAt: '2026-01-01T00:10:00.000Z',
        },
      ])
      expect(await manage('scope', chat)).toEqual(ok)
      expect(await manage('scope/release', chat)).toEqual(ok)
      expect(await manage('scope/release', chat)).toEqual(ok)
      expect(await manage('principal', { platform: 'discord', policy: 'any' })).toEqual(ok)
      expect(await manage('dm-default', { platform: 'discord', userId: 'u1' })).toEqual(ok)
      expect((await manage('dm-default', { platform: 'discord', userId: 'u9' }))[0]).toBe(404)
      expect(await manage('wake', { wakeUrl: null })).toEqual(ok)
    }
  })

  it('says 409 for a chat that another has', async () => {
    const { ask, tokenOf } = await open()
    await ask('POST', '/manage/scope', { token: await tokenOf('gw-1'), body: chat })
    const taken = await ask('POST', '/manage/scope', { token: await tokenOf('gw-3'), body: chat })

    expect([taken.status, taken.body]).toEqual([409, { error: 'another instance owns this chat' }])
  })

  // proves: relay.f21 relay.f4
  it('deprovisions, and the token that did it is good for nothing more', async () => {
    const { ask, tokenOf, jwt, revoked } = await open()
    const token = await tokenOf('gw-1')
    const other = await tokenOf('gw-2')
    const operators = await jwt({ aud: 'agent:inst', tid: 'org-17' })
    const deprovision = (bearer: string) => ask('POST', '/manage/deprovision', { token: bearer, body: {} })

    expect([(await deprovision(token)).status, revoked]).toEqual([
      200,
      [{ tenant: 'org-17', instanceId: 'inst' }],
    ])
    expect((await deprovision(token)).status).toBe(401)
    expect((await ask('POST', '/relay/policy', { token, body: { platform: 'discord' } })).status).toBe(401)
    expect((await deprovision(operators)).status).toBe(200)
    expect((await ask('POST', '/manage/scope', { token: operators, body: chat })).status).toBe(404)
    expect((await ask('POST', '/manage/link', { token: operators, body: chat })).status).toBe(404)
    expect((await ask('POST', '/relay/policy', { token: other, body: { platform: 'discord' } })).status).toBe(
      200,
    )
  })

  it('has an end per gateway, and says when it goes on', async () => {
    const { ask, tokenOf } = await open({ limits: { callsPerMinute: 2 } })
    const body = { platform: 'discord' }
    const token = await tokenOf('gw-1')
    await ask('POST', '/relay/policy', { token, body })
    await ask('POST', '/manage/link', { token, body })
    const refused = await ask('POST', '/manage/link', { token, body })

    expect([refused.status, refused.headers.get('retry-after'), refused.body]).toEqual([
      429,
      '60',
      { error: 'too many requests' },
    ])
  })
})

it('a fault shows nothing of itself', async () => {
  const { service, ask, tokenOf, faults } = await open()
  service.setPolicy = () => Promise.reject(new Error('secret detail'))
  const token = await tokenOf('gw-1')
  const answer = await ask('POST', '/relay/policy', { token, body: { platform: 'discord' } })

  expect([answer.status, answer.body]).toEqual([500, { error: 'internal error' }])
  expect(faults).toHaveLength(1)
})
