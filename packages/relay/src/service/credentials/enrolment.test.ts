import { testGrounds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { caller, openRoom, operator, outcomes, stranger, tenant } from './credentials.test.support.js'

const refusal = {
  code: 'relay.enrolment_refused',
  message: 'enrolment token is invalid, expired or already used',
}
const grounds = await testGrounds()
const [inMemory] = grounds

describe.each(grounds)('enrolment on $name', (ground) => {
  // proves: relay.f22
  it('gives a secret for a token, once', async () => {
    const { enrolment, verify, outcomeOf, store } = await openRoom(ground)
    const { token } = await enrolment.createEnrolmentToken(tenant)

    const enrolled = await enrolment.enroll(caller, { enrollmentToken: token, gatewayId: 'gw-laptop' })

    expect(enrolled).toEqual({
      secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      deliveryKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      tenant,
      gatewayId: 'gw-laptop',
    })
    expect(enrolled.deliveryKey).not.toBe(enrolled.secret)
    expect(await outcomeOf(enrolled.secret, 'gw-laptop')).toBe('accepted')
    expect(await outcomeOf(enrolled.deliveryKey, 'gw-laptop')).toBe('unauthorized')
    expect(await verify(token)).toEqual({ outcome: 'unauthorized' })
    expect(await store.instances.find({ tenant, instanceId: 'gw-laptop' })).toMatchObject({
      state: 'vacant',
      wakeUrl: null,
    })
    await expect(
      enrolment.enroll(caller, { enrollmentToken: token, gatewayId: 'gw-other' }),
    ).rejects.toMatchObject(refusal)
    expect(await store.gateways.find('gw-other')).toBeUndefined()
  })

  // proves: relay.f22 relay.s15
  it('lets one of many win the race for a token', async () => {
    const { enrolment, store } = await openRoom(ground)
    const { token } = await enrolment.createEnrolmentToken(tenant)

    const race = await outcomes(
      ['gw-1', 'gw-2', 'gw-3', 'gw-1'].map((gatewayId) =>
        enrolment.enroll(caller, { enrollmentToken: token, gatewayId }),
      ),
    )

    expect(race.done).toHaveLength(1)
    expect(race.refused).toEqual(Array(3).fill('relay.enrolment_refused'))
    const rows = await store.gateways.list({ tenant })
    expect(rows.map(({ gatewayId }) => gatewayId)).toEqual([race.done[0]!.gatewayId])
  })

  // proves: relay.s15
  it('lets two tokens for one name at the same time both in, and neither is lost', async () => {
    const { enrol, store, outcomeOf } = await openRoom(ground)

    const race = await outcomes([enrol({ gatewayId: 'gw-1' }), enrol({ gatewayId: 'gw-1' })])

    expect(race.refused).toEqual([])
    expect((await store.gateways.find('gw-1'))?.secrets).toHaveLength(2)
    for (const { secret } of race.done) expect(await outcomeOf(secret, 'gw-1')).toBe('accepted')
  })

  it('takes a revoked name back in its own tenant with fresh secrets alone', async () => {
    const { enrol, lifecycle, outcomeOf, store, clock } = await openRoom(ground)
    const first = await enrol({ gatewayId: 'gw-1', displayName: 'First' })
    await lifecycle.revoke(operator, 'gw-1')
    await clock.advance(1_000)

    await expect(enrol({ gatewayId: 'gw-1' }, stranger)).rejects.toMatchObject({
      code: 'relay.gateway_refused',
    })
    const again = await enrol({ gatewayId: 'gw-1', instanceId: 'inst-2' })

    expect(again.secret).not.toBe(first.secret)
    expect(await outcomeOf(first.secret, 'gw-1')).toBe('unauthorized')
    expect(await outcomeOf(again.secret, 'gw-1')).toBe('accepted')
    expect(await store.gateways.find('gw-1')).toMatchObject({ revokedAt: null, instanceId: 'inst-2' })
    expect(await store.instances.find({ tenant, instanceId: 'inst-2' })).toMatchObject({ displayName: null })
  })
})

const open = () => openRoom(inMemory!)

describe('an enrolment token', () => {
  // proves: relay.f22
  it('of another tenant is refused in the same words as one that is used, too old or none', async () => {
    const { enrolment, clock, enrol, store } = await open()
    const { token, expiresAt } = await enrolment.createEnrolmentToken(tenant)
    const ask = (enrollmentToken: string, who = caller, gatewayId = 'gw-1') =>
      outcomeOf(enrolment.enroll(who, { enrollmentToken, gatewayId }))

    expect(expiresAt).toBe('2026-01-01T00:15:00.000Z')
    expect(await ask(token, stranger)).toMatchObject(refusal)
    expect(await ask('et_unknown')).toMatchObject(refusal)
    expect(await ask(token.toUpperCase())).toMatchObject(refusal)
    await clock.advance(900_000)
    expect(await ask(token)).toMatchObject(refusal)
    expect(await store.gateways.list({})).toEqual([])
    // Who has no good token learns nothing of ids.
    await enrol({ gatewayId: 'gw-9' }, stranger)
    expect(await ask(token, caller, 'gw-9')).toMatchObject(refusal)
    // The wrong tenant's try did not use it up.
    const { token: second } = await enrolment.createEnrolmentToken(tenant)
    await ask(second, stranger)
    expect(await ask(second)).toMatchObject({ tenant })
    expect(await ask(second, caller, 'gw-9')).toMatchObject(refusal)
    expect(await enrol({ gatewayId: 'gw-2' })).toMatchObject({ gatewayId: 'gw-2' })
  })

  it('is kept as a hash only', async () => {
    const { enrolment, store } = await open()
    const { token } = await enrolment.createEnrolmentToken(tenant)

    expect(token).toMatch(/^et_[\w-]{43}$/)
    expect(await store.gateways.findEnrolment(token)).toBeUndefined()
  })

  // proves: relay.s15
  it('does not open another tenant to a gateway id, and is not used up by trying', async () => {
    const { enrolment, enrol, outcomeOf: verified } = await open()
    const mine = await enrol({ gatewayId: 'gw-1' })
    const { token } = await enrolment.createEnrolmentToken(stranger.tenant)

    const taken = await outcomeOf(enrolment.enroll(stranger, { enrollmentToken: token, gatewayId: 'gw-1' }))

    expect(taken).toMatchObject({ code: 'relay.gateway_refused', status: 403 })
    expect(String(taken)).not.toContain(tenant)
    expect(await verified(mine.secret, 'gw-1')).toBe('accepted')
    expect(await enrolment.enroll(stranger, { enrollmentToken: token, gatewayId: 'gw-9' })).toMatchObject(
      stranger,
    )
  })
})

describe('who is enrolled', () => {
  // proves: relay.p21
  it('may say at once where it is woken, what it is called and which instance it is', async () => {
    const { enrol, store } = await open()
    const displayName = `  ${'é'.repeat(60)}😀😀😀😀😀😀  `

    await enrol({ gatewayId: 'gw-1', instanceId: 'inst', wakeUrl: 'https://i.example/wake', displayName })

    expect(await store.instances.find({ tenant, instanceId: 'inst' })).toMatchObject({
      wakeUrl: 'https://i.example/wake',
      displayName: `${'é'.repeat(60)}😀😀😀😀`,
    })
  })

  it('fronts the bots that its tenant may use, and no other', async () => {
    const { enrol, store, deps } = await open()
    const bot = {
      driver: 'sim',
      label: '',
      username: null,
      settings: {},
      sealed: null,
      isEnabled: true,
      createdAt: 1,
    }
    const ops = [
      store.bots.insert({ ...bot, platform: 'sim', botId: 'open', tenants: null }),
      store.bots.insert({ ...bot, platform: 'sim', botId: 'mine', tenants: [tenant] }),
      store.bots.insert({ ...bot, platform: 'sim', botId: 'theirs', tenants: ['org-18'] }),
    ]
    await deps.ground.log.commit({ ops, appends: [] })

    await enrol({ gatewayId: 'gw-1' })

    expect(await store.bots.listProvisioned(tenant)).toEqual([
      { platform: 'sim', botId: 'mine' },
      { platform: 'sim', botId: 'open' },
    ])
  })

  it.each([
    [null],
    [[]],
    ['text'],
    [{ gatewayId: 'gw' }],
    [{ enrollmentToken: 7, gatewayId: 'gw' }],
    [{ enrollmentToken: 'et_x' }],
    [{ enrollmentToken: 'et_x', gatewayId: '' }],
    [{ enrollmentToken: 'et_x', gatewayId: 7 }],
    [{ enrollmentToken: 'et_x', gatewayId: 'a\0b' }],
    [{ enrollmentToken: 'et_x', gatewayId: 'a\nb' }],
    [{ enrollmentToken: 'et_x', gatewayId: '\ud800' }],
    [{ enrollmentToken: 'et_x', gatewayId: 'x'.repeat(201) }],
    [{ enrollmentToken: 'et_x', gatewayId: 'gw', instanceId: {} }],
    [{ enrollmentToken: 'et_x', gatewayId: 'gw', displayName: ['x'] }],
    [{ enrollmentToken: 'et_x', gatewayId: 'gw', displayName: 'a\u0007b' }],
    [{ enrollmentToken: 'et_x', gatewayId: 'gw', wakeUrl: 'ftp://x' }],
    [{ enrollmentToken: 'et_x', gatewayId: 'gw', wakeUrl: 'file:///etc/passwd' }],
    [{ enrollmentToken: 'et_x', gatewayId: 'gw', wakeUrl: 'https://a:b@x.example' }],
    [{ enrollmentToken: 'et_x', gatewayId: 'gw', wakeUrl: '/wake' }],
    [{ enrollmentToken: 'et_x', gatewayId: 'gw', wakeUrl: 5 }],
  ])('is not taken with %j', async (body) => {
    const { enrolment } = await open()
    await expect(enrolment.enroll(caller, body)).rejects.toMatchObject({ status: 400 })
  })

  it('leaves no secret in what is told of it', async () => {
    const { enrol, changes, enrolment } = await open()
    const enrolled = await enrol({ gatewayId: 'gw-1', wakeUrl: 'https://x.example/?key=hush' })
    const rotated = await enrolment.rotateGateway(operator, 'gw-1')

    const told = await changes()

    expect(told.map(({ type }) => type)).toEqual(['relay.gateway.enrolled', 'relay.gateway.rotated'])
    expect(told[0]).toMatchObject({ tenant, gatewayId: 'gw-1', instanceId: 'gw-1' })
    for (const hidden of [enrolled.secret, rotated.secret, enrolled.deliveryKey, 'hush', 'et_'])
      expect(JSON.stringify(told)).not.toContain(hidden)
  })

  it('is one of a number, without those that were revoked', async () => {
    const { enrol, lifecycle } = await openRoom(inMemory!, { limits: { gatewaysPerTenant: 2 } })
    await enrol({ gatewayId: 'gw-1' })
    await enrol({ gatewayId: 'gw-2' })

    await expect(enrol({ gatewayId: 'gw-3' })).rejects.toMatchObject({ code: 'relay.too_many_gateways' })
    await enrol({ gatewayId: 'gw-1' })
    await enrol({ gatewayId: 'gw-4' }, stranger)
    await lifecycle.revoke(operator, 'gw-2')
    await enrol({ gatewayId: 'gw-3' })
    await expect(enrol({ gatewayId: 'gw-2' })).rejects.toMatchObject({ code: 'relay.too_many_gateways' })
  })
})

const outcomeOf = (asked: Promise<unknown>): Promise<unknown> => asked.catch((error: unknown) => error)
