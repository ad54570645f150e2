import { testGrounds } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { caller, openRoom, operator, outcomes, stranger, tenant } from './credentials.test.support.js'

const grounds = await testGrounds()
const open = () => openRoom(grounds[0]!)
const body = { gatewayId: 'gw-7', platform: 'discord', botId: 'd1', gatewayEndpoint: '' }
const minute = 60_000
const day = 86_400_000

describe.each(grounds)('provisioning on $name', (ground) => {
  // proves: relay.f23 relay.p19
  it('of three platforms leaves the first secret valid, whatever is asked for', async () => {
    for (const more of [{}, { rotate: true }, { instanceId: 'inst-7' }]) {
      const { enrolment, outcomeOf, store } = await openRoom(ground)
      const platforms = ['discord', 'telegram', 'slack']
      const given = []
      for (const platform of platforms)
        given.push(await enrolment.provision(caller, { ...body, ...more, platform, botId: `${platform}-1` }))

      expect(await outcomeOf(given[0]!.secret, 'gw-7')).toBe('accepted')
      expect(await outcomeOf(given[2]!.secret, 'gw-7')).toBe('accepted')
      expect((await store.bots.listProvisioned(tenant)).map(({ platform }) => platform)).toEqual(
        platforms.toSorted(),
      )
      if (!('rotate' in more)) expect(new Set(given.map(({ secret }) => secret)).size).toBe(1)
    }
  })

  // proves: relay.f23
  it('gives many that are the first at the same time one secret', async () => {
    const { enrolment, outcomeOf } = await openRoom(ground)

    const race = await outcomes(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((botId) => enrolment.provision(caller, { ...body, botId })),
    )

    expect(race.refused).toEqual([])
    expect(new Set(race.done.map(({ secret }) => secret)).size).toBe(1)
    expect(await outcomeOf(race.done[0]!.secret, 'gw-7')).toBe('accepted')
  })

  it('is for a bounded number of bots, whatever a caller calls them', async () => {
    const { enrolment, store, deps } = await openRoom(ground)
    const names = Array.from({ length: 1_000 }, (_, n) => ({ platform: 'discord', botId: `b${n}` }))
    const ops = names.map((bot) => store.bots.provision(tenant, bot, 1))
    await deps.ground.log.commit({ ops, appends: [] })

    await expect(enrolment.provision(caller, body)).rejects.toMatchObject({ status: 409 })
    expect(await enrolment.provision(caller, { ...body, botId: 'b7' })).toMatchObject({ gatewayId: 'gw-7' })
  })

  it('rotates once when many ask for it at the same time', async () => {
    const { enrolment, store } = await openRoom(ground)
    const first = await enrolment.provision(caller, body)

    const race = await outcomes(
      ['a', 'b', 'c', 'd'].map((botId) => enrolment.provision(caller, { ...body, botId, rotate: true })),
    )

    expect(race.refused).toEqual([])
    const given = new Set(race.done.map(({ secret }) => secret))
    expect(given.size).toBe(1)
    expect(given.has(first.secret)).toBe(false)
    expect((await store.gateways.find('gw-7'))?.secrets).toHaveLength(2)
  })

  // proves: relay.f23
  it('with a route key of somebody else writes nothing', async () => {
    const { enrolment, store, changes } = await openRoom(ground)
    await enrolment.provision(stranger, { ...body, gatewayId: 'theirs', routeKeys: ['G1'] })
    const before = await changes()

    await expect(
      enrolment.provision(caller, { ...body, routeKeys: ['G2', 'G1', 'G3'] }),
    ).rejects.toMatchObject({ code: 'relay.route_key_taken', status: 409 })

    expect(await store.gateways.find('gw-7')).toBeUndefined()
    expect(await store.instances.list({ tenant })).toEqual([])
    expect(await store.bots.listProvisioned(tenant)).toEqual([])
    expect(await store.routing.listKeys({ tenant })).toEqual([])
    expect(await changes()).toEqual(before)
    // On another platform the same id is another chat.
    await enrolment.provision(caller, { ...body, platform: 'telegram', routeKeys: ['G1'] })
  })

  it('lets one tenant win the race for a route key, and the other writes nothing', async () => {
    const { enrolment, store } = await openRoom(ground)

    const race = await outcomes([
      enrolment.provision(caller, { ...body, routeKeys: ['G1', 'G2'] }),
      enrolment.provision(stranger, { ...body, gatewayId: 'gw-8', routeKeys: ['G2', 'G3'] }),
    ])

    expect(race.refused).toEqual(['relay.route_key_taken'])
    const winner = race.done[0]!.tenant
    const keys = await store.routing.listKeys({})
    expect(new Set(keys.map((key) => key.tenant))).toEqual(new Set([winner]))
    expect((await store.gateways.list({})).map((row) => row.tenant)).toEqual([winner])
  })
})

describe('provisioning', () => {
  it('answers as the contract has it', async () => {
    const { enrolment } = await open()
    const answer = await enrolment.provision(caller, { ...body, routeKeys: ['G1', 'G1', 'G2'] })

    expect(answer).toEqual({
      secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      deliveryKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      tenant,
      gatewayId: 'gw-7',
      routeKeys: ['G1', 'G2'],
    })
    expect(await enrolment.provision(caller, body)).toEqual({ ...answer, routeKeys: [] })
  })

  // proves: relay.f23
  it("of another tenant's gateway is refused without a hint", async () => {
    const { enrolment, store } = await open()
    await enrolment.provision(stranger, body)

    const refused = await enrolment.provision(caller, { ...body, routeKeys: ['G1'] }).catch(String)

    expect(refused).toBe('ParleyError: this gateway id can not be used')
    expect(await store.routing.listKeys({ tenant })).toEqual([])
  })

  // proves: relay.s6
  it('takes tenant from who asks, whatever the body says', async () => {
    const { enrolment, store } = await open()
    const forged = { ...body, tenant: 'org-18', tid: 'org-18', secrets: [], revokedAt: 1, state: 'live' }

    expect(await enrolment.provision(caller, forged)).toMatchObject({ tenant })
    expect(await store.gateways.list({ tenant: 'org-18' })).toEqual([])
  })

  it('keeps the secret for 30 days, then gives another, and one at most in 10 minutes', async () => {
    const { enrolment, clock, outcomeOf } = await open()
    const provision = async (more = {}) => (await enrolment.provision(caller, { ...body, ...more })).secret
    const first = await provision()
    await clock.advance(30 * day - 1)
    expect(await provision()).toBe(first)

    await clock.advance(1)
    const second = await provision()
    expect(second).not.toBe(first)
    expect(await outcomeOf(first, 'gw-7')).toBe('accepted')
    await clock.advance(10 * minute - 1)
    expect(await provision({ rotate: true })).toBe(second)
    expect(await provision({ instanceId: 'other' })).toBe(second)
    await clock.advance(1)
    expect(await provision({ rotate: false })).toBe(second)
    expect(await provision({ rotate: true })).not.toBe(second)
    expect(await outcomeOf(second, 'gw-7')).toBe('accepted')
  })

  it('moves a gateway to another instance under a new secret, and ends the one that it leaves empty', async () => {
    const { enrolment, store, outcomeOf, revoked } = await open()
    const first = await enrolment.provision(caller, { ...body, instanceId: 'one', displayName: 'One' })
    const same = await enrolment.provision(caller, { ...body, instanceId: 'one' })
    const moved = await enrolment.provision(caller, { ...body, instanceId: 'two' })

    expect(same.secret).toBe(first.secret)
    expect(moved.secret).not.toBe(first.secret)
    expect(await outcomeOf(first.secret, 'gw-7')).toBe('accepted')
    expect((await store.instances.list({ tenant })).map(({ instanceId }) => instanceId)).toEqual(['two'])
    expect(revoked).toEqual([{ tenant, instanceId: 'one' }])
    // Without a word it stays where it is.
    await enrolment.provision(caller, body)
    expect(await store.gateways.find('gw-7')).toMatchObject({ instanceId: 'two' })
  })

  it('leaves an instance that others serve', async () => {
    const { enrolment, store, revoked } = await open()
    await enrolment.provision(caller, { ...body, instanceId: 'one' })
    await enrolment.provision(caller, { ...body, gatewayId: 'gw-8', instanceId: 'one' })
    await enrolment.provision(caller, { ...body, instanceId: 'two' })

    expect((await store.instances.list({ tenant })).map(({ instanceId }) => instanceId)).toEqual([
      'one',
      'two',
    ])
    expect(revoked).toEqual([])
  })

  // proves: relay.f20
  it('registers where the instance is woken, and keeps it when nothing is said', async () => {
    const { enrolment, store } = await open()
    const wakeUrl = 'https://inst-7.example/wake'
    await enrolment.provision(caller, { ...body, instanceId: 'i', wakeUrl, displayName: ' Ops\u00a0helper ' })
    await enrolment.provision(caller, { ...body, platform: 'telegram', wakeUrl: '', displayName: '' })

    expect(await store.instances.find({ tenant, instanceId: 'i' })).toMatchObject({
      wakeUrl,
      displayName: 'Ops\u00a0helper',
    })
  })

  it('revives a revoked gateway with a secret of its own', async () => {
    const { enrolment, lifecycle, outcomeOf } = await open()
    const first = await enrolment.provision(caller, body)
    await lifecycle.revoke(operator, 'gw-7')
    const again = await enrolment.provision(caller, body)

    expect(again.secret).not.toBe(first.secret)
    expect(await outcomeOf(first.secret, 'gw-7')).toBe('unauthorized')
    expect(await outcomeOf(again.secret, 'gw-7')).toBe('accepted')
  })

  it('of one gateway has an end per minute', async () => {
    const { enrolment, clock } = await openRoom(grounds[0]!, { limits: { callsPerMinute: 2 } })
    await enrolment.provision(caller, body)
    await enrolment.provision(caller, body)

    await expect(enrolment.provision(caller, body)).rejects.toMatchObject({ status: 429, retryAfter: 60 })
    await enrolment.provision(caller, { ...body, gatewayId: 'gw-8' })
    await clock.advance(minute)
    await enrolment.provision(caller, body)
  })

  it.each([
    { platform: undefined },
    { botId: 1180 },
    { botId: '' },
    { routeKeys: 'G1' },
    { routeKeys: [1] },
    { routeKeys: [''] },
    { routeKeys: Array(1_001).fill('x') },
    { rotate: 'yes' },
    { gatewayId: null },
    { wakeUrl: 'javascript:alert(1)' },
    { wakeUrl: `https://x.example/${'x'.repeat(3_000)}` },
  ])('refuses %j with the name of what is wrong', async (wrong) => {
    const { enrolment } = await open()
    const [name] = Object.keys(wrong)
    await expect(enrolment.provision(caller, { ...body, ...wrong })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(name!),
    })
  })
})
