import { describe, expect, test } from 'vitest'
import { nobodys, openPlane, type Plane } from '../support/plane.js'
import { decode, encode, mintToken, signatureOf } from '../support/token.js'

const unauthorized = { code: 4401, reason: 'unauthorized' }
const expired = { code: 4401, reason: 'expired' }

async function openTwo() {
  const plane = await openPlane()
  const a = await plane.enrol('org-a', 'a', { people: ['ana'] })
  const b = await plane.enrol('org-b', 'b', { people: ['ben'] })
  return { plane, a, b }
}

/** How a dial with this token ends before any frame; undefined when it is let in. */
async function outcomeOf(plane: Plane, token: string | undefined) {
  const peer = await plane.dial(undefined, token)
  peer.send({ type: 'hello', platform: 'discord', botId: '1180000000000000001' })
  const end = await Promise.race([peer.closedWith(), peer.got('descriptor').then(() => undefined)])
  if (end) expect(peer.texts).toEqual([])
  peer.kill()
  return end
}

describe('a token', () => {
  // proves: relay.s4, relay.p3
  test('is good for 300 s, as often as it is shown, and not a second longer', async () => {
    const { plane, a } = await openTwo()
    const token = plane.tokenOf(a)
    const ask = () => plane.call('/relay/policy', { platform: 'discord' }, { token })

    expect([await outcomeOf(plane, token), await outcomeOf(plane, token)]).toEqual([undefined, undefined])
    await plane.clock.advance(300_000)
    expect([await outcomeOf(plane, token), (await ask()).status]).toEqual([undefined, 200])
    await plane.clock.advance(1_000)
    expect(await outcomeOf(plane, token)).toEqual(expired)
    expect(await ask()).toMatchObject({ status: 401, body: { error: 'unauthorized' } })
  })

  // proves: relay.s4
  test('is good for its own gateway alone', async () => {
    const { plane, a, b } = await openTwo()
    const exp = Math.floor(plane.clock.now() / 1_000) + 300

    for (const token of [
      mintToken({ ...a, gatewayId: b.gatewayId, exp }),
      mintToken({ ...a, gatewayId: nobodys(), exp }),
      mintToken({ ...a, gatewayId: `${b.gatewayId}:${a.gatewayId}`, exp }),
      mintToken({ ...a, gatewayId: '', exp }),
      mintToken({ ...b, gatewayId: a.gatewayId, exp }),
    ]) {
      expect(await outcomeOf(plane, token)).toEqual(unauthorized)
      expect((await plane.call('/manage/link', { platform: 'discord' }, { token })).status).toBe(401)
    }
  })

  // proves: relay.s4, relay.f21
  test('is good for nothing after its gateway was revoked, nor is one that is made later', async () => {
    const { plane, a, b } = await openTwo()
    const before = plane.tokenOf(a)
    const peer = await plane.greet(a)
    const other = await plane.greet(b)

    await plane.operator.revokeGateway({}, a.gatewayId)

    expect(await peer.closedWith()).toEqual(unauthorized)
    for (const token of [before, plane.tokenOf(a)]) {
      expect(await outcomeOf(plane, token)).toEqual(unauthorized)
      for (const path of ['/relay/policy', '/manage/link', '/relay/media'])
        expect((await plane.call(path, { platform: 'discord' }, { token })).status).toBe(401)
    }
    await other.read()
    expect(other.closed).toBeUndefined()
  })

  // proves: relay.s4
  test('may not live for ever, nor for longer than an hour', async () => {
    const { plane, a } = await openTwo()
    const now = Math.floor(plane.clock.now() / 1_000)

    expect(await outcomeOf(plane, mintToken({ ...a, exp: 0 }))).toEqual(unauthorized)
    expect(await outcomeOf(plane, mintToken({ ...a, exp: now + 3_601 }))).toEqual(unauthorized)
    expect(await outcomeOf(plane, mintToken({ ...a, exp: now + 3_600 }))).toBeUndefined()
  })

  // proves: relay.s5, relay.f4
  test('that was changed in any place is none', async () => {
    const { plane, a, b } = await openTwo()
    const exp = Math.floor(plane.clock.now() / 1_000) + 300
    const signed = `${a.gatewayId}:${exp}`
    const sig = signatureOf(signed, a.secret)
    const whole = `${signed}:${sig}`
    expect(encode(whole)).toBe(plane.tokenOf(a))

    const flipped = (at: number) => {
      const bytes = Buffer.from(whole)
      bytes[at]! ^= 1
      return bytes.toString('base64url')
    }
    const changed = [
      ...Array.from(whole, (_, at) => flipped(at)),
      encode(`${b.gatewayId}:${exp}:${sig}`),
      encode(`${a.gatewayId}:${exp + 1}:${sig}`),
      encode(`${a.gatewayId}:${exp}.0:${sig}`),
      encode(`${a.gatewayId}: ${exp}:${sig}`),
      encode(`${a.gatewayId}:+${exp}:${sig}`),
      encode(`${a.gatewayId}::${sig}`),
      encode(`${a.gatewayId}:NaN:${sig}`),
      encode(`${signed}:`),
      encode(signed),
      encode(`${signed}:${sig.slice(0, -1)}`),
      encode(`${signed}:${sig.slice(0, -2)}`),
      encode(`${signed}:${sig}00`),
      encode(`${signed}:${sig}zz`),
      encode(`${signed}:${sig} `),
      encode(`${signed}:${sig.slice(0, 62)}zz`),
      encode(`${signed}:${signatureOf(signed, Buffer.from(a.secret, 'hex').toString('latin1'))}`),
      encode(`${signed}:${a.secret}`),
      Buffer.concat([Buffer.from(whole), Buffer.from([0xff])]).toString('base64url'),
      'x'.repeat(8_000),
      '%%%',
    ]
    for (const token of changed) expect(await outcomeOf(plane, token), decode(token)).toEqual(unauthorized)
    expect(await outcomeOf(plane, undefined)).toEqual(unauthorized)
    expect(await outcomeOf(plane, encode(whole))).toBeUndefined()
    expect(plane.faults).toEqual([])
  })

  // proves: relay.f2, relay.p1
  test('is read as the vectors say, with and without padding', async () => {
    const plane = await openPlane()
    const gatewayId = 'team:a:gw-é'
    const { secret } = await plane.operator.enrollGateway({}, { tenant: 'org-a', gatewayId })
    const token = plane.tokenOf({ gatewayId, secret })
    const padded = token + '='.repeat((4 - (token.length % 4)) % 4)

    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    expect(await outcomeOf(plane, token)).toBeUndefined()
    expect(await outcomeOf(plane, padded)).toBeUndefined()
    // A secret is text: who takes it for hex has another one.
    const exp = Math.floor(plane.clock.now() / 1_000) + 300
    const wrong = Buffer.from(secret, 'hex').toString('latin1')
    expect(await outcomeOf(plane, mintToken({ gatewayId, secret: wrong, exp }))).toEqual(unauthorized)
    // The vectors themselves.
    expect(mintToken({ gatewayId: 'gw-demo', secret: '0f'.repeat(32), exp: 0 })).toBe(
      'Z3ctZGVtbzowOmZiOGVkNTJkYTU5NGM2MDA0NTVkNjQxYjlhNDliMTkyZTg2ODQ4Y2ViYzUzNjJiOTI4YzRmYzI0MWI1ZWJjMDM',
    )
    expect(mintToken({ gatewayId: 'gw-é', secret: '0f'.repeat(32), exp: 2_000_000_000 })).toBe(
      'Z3ctw6k6MjAwMDAwMDAwMDo2YWNlN2Q3ODYzMmJkZmQ1MzFiNTI1MzFlMGY0ZGVjN2M0MjY5YjEzYWQyYTg5OWViZjVjYjMzNDdkZTA5OTQy',
    )
  })

  // proves: relay.f3
  test('of the secret before is good for a day, and of the new one at once', async () => {
    const { plane, a } = await openTwo()
    const { secret } = await plane.operator.rotateGateway({}, a.gatewayId)
    const old = () => outcomeOf(plane, plane.tokenOf(a))
    const current = () => outcomeOf(plane, plane.tokenOf({ ...a, secret }))

    expect([await old(), await current()]).toEqual([undefined, undefined])
    await plane.clock.advance(86_399_000)
    expect([await old(), await current()]).toEqual([undefined, undefined])
    await plane.clock.advance(1_000)
    expect([await old(), await current()]).toEqual([unauthorized, undefined])
  })
})
