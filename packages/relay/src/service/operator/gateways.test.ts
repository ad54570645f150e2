import { expect, test } from 'vitest'
import { entryOf } from '../../store/store-cases/fixtures.js'
import { a, b, everywhere, grounds, ofA, ofB, openRoom, type Room, shared } from './operator.test.support.js'

const day = 86_400_000
const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString().replace('Z', '000Z')

/** Brings an instance to life on a node, for a minute. */
async function enliven({ store, log, clock }: Room, tenant: string, instanceId: string) {
  const row = (await store.instances.find({ tenant, instanceId }))!
  const epoch = row.epoch + 1
  const to = { state: 'live' as const, node: 'n1', epoch, liveUntil: clock.micros() + 60_000_000 }
  const { outcome } = await log.commit({
    ops: [store.instances.move(row, row, to)],
    appends: [],
  })
  expect(outcome).toBe('committed')
}

for (const kind of grounds) {
  test(`a gateway is made, rotated and revoked, and its state is shown (${kind.name})`, async () => {
    const room = await openRoom(kind)
    const { operator, clock, revoked } = room
    const made = await operator.enrollGateway(everywhere, {
      tenant: 'a',
      gatewayId: 'gw-1',
      instanceId: 'i1',
    })
    expect(made).toMatchObject({ tenant: 'a', gatewayId: 'gw-1', instanceId: 'i1', bots: [shared, ofA] })
    expect(made.secret).toMatch(/^[0-9a-f]{64}$/)

    const view = {
      gatewayId: 'gw-1',
      tenant: 'a',
      instanceId: 'i1',
      state: 'idle',
      lastSeenAt: null,
      createdAt: at(0),
      revokedAt: null,
      secretAgeSeconds: 0,
      isRotating: false,
    }
    expect(await operator.listGateways(a)).toEqual([view])
    await enliven(room, 'a', 'i1')
    await clock.advance(59_000)
    expect(await operator.listGateways(a)).toEqual([{ ...view, state: 'live', secretAgeSeconds: 59 }])
    await clock.advance(1_000)
    expect(await operator.listGateways(a)).toMatchObject([{ state: 'idle' }])

    const rotated = await operator.rotateGateway(a, 'gw-1')
    expect(rotated.secret).not.toBe(made.secret)
    expect(await operator.listGateways(a)).toMatchObject([{ isRotating: true, secretAgeSeconds: 0 }])
    await clock.advance(day)
    expect(await operator.listGateways(a)).toMatchObject([{ isRotating: false, secretAgeSeconds: 86_400 }])

    await operator.revokeGateway(a, 'gw-1')
    const gone = { state: 'revoked', revokedAt: at(day + 60_000), secretAgeSeconds: 0 }
    expect(await operator.listGateways(a)).toMatchObject([gone])
    expect(await operator.listInstances(a)).toEqual([])
    expect(revoked).toContainEqual({ gatewayId: 'gw-1' })
    expect(JSON.stringify(await operator.listGateways(a))).not.toContain(made.secret)
  })

  test(`another tenant's gateway is as absent as any (${kind.name})`, async () => {
    const { operator, revoked } = await openRoom(kind)
    await operator.enrollGateway(everywhere, { tenant: 'a', gatewayId: 'gw-1' })
    const absent = { code: 'relay.gateway_not_found' }
    for (const id of ['gw-1', 'gw-9']) {
      await expect(operator.rotateGateway(b, id)).rejects.toMatchObject(absent)
      await expect(operator.revokeGateway(b, id)).rejects.toMatchObject(absent)
    }

    expect(revoked).toEqual([])
    expect(await operator.listGateways(b)).toEqual([])
    expect(await operator.listInstances(b)).toEqual([])
    expect(await operator.listTenants(b)).toEqual([])
    const forbidden = { code: 'relay.forbidden' }
    await expect(operator.enrollGateway(b, { tenant: 'a' })).rejects.toMatchObject(forbidden)
    await expect(operator.createEnrolmentToken(b, a)).rejects.toMatchObject(forbidden)
    expect(await operator.createEnrolmentToken(b, b)).toMatchObject({
      tenant: 'b',
      expiresAt: expect.any(String),
    })
  })

  test(`a gateway fronts only bots that its tenant may use (${kind.name})`, async () => {
    const { operator } = await openRoom(kind)
    const enroll = (bots: unknown) =>
      operator.enrollGateway(everywhere, { tenant: 'a', bots: bots as (typeof shared)[] })

    expect(await enroll([shared])).toMatchObject({ bots: [shared] })
    await expect(enroll([shared, ofB])).rejects.toMatchObject({ code: 'relay.bot_not_found' })
    for (const bots of ['x', [1], [{ platform: 'discord' }], Array(101).fill(shared)])
      await expect(enroll(bots)).rejects.toMatchObject({ code: 'relay.invalid_request' })
    await expect(operator.enrollGateway(everywhere, JSON.parse('{}'))).rejects.toMatchObject({
      code: 'relay.invalid_request',
    })
  })

  test(`instances and tenants are shown with what they have (${kind.name})`, async () => {
    const room = await openRoom(kind)
    const { operator, store, log } = room
    const gateway = { tenant: 'a', gatewayId: 'gw-1', instanceId: 'i1', displayName: 'Ann', bots: [shared] }
    await operator.enrollGateway(everywhere, gateway)
    await operator.enrollGateway(everywhere, { ...gateway, gatewayId: 'gw-2' })
    await operator.enrollGateway(everywhere, { tenant: 'b', gatewayId: 'gw-3', bots: [ofB] })
    await operator.link(everywhere, { tenant: 'a', instanceId: 'i1', platform: 'discord', userId: '5' })
    const draft = entryOf('buf_1', { tenant: 'a', instanceId: 'i1', bytes: 7 })
    await log.commit({ ops: store.entries.append(draft), appends: [] })
    await enliven(room, 'a', 'i1')

    expect(await operator.listInstances(everywhere)).toEqual([
      {
        tenant: 'a',
        instanceId: 'i1',
        displayName: 'Ann',
        wakeUrl: null,
        state: 'live',
        node: 'n1',
        bots: [shared],
        owners: 1,
        buffer: { entries: 1, bytes: 7, oldestAt: at(0), dropped: 0 },
        pokedAt: null,
        createdAt: at(0),
      },
      {
        tenant: 'b',
        instanceId: 'gw-3',
        displayName: null,
        wakeUrl: null,
        state: 'idle',
        node: null,
        bots: [ofB],
        owners: 0,
        buffer: { entries: 0, bytes: 0, oldestAt: null, dropped: 0 },
        pokedAt: null,
        createdAt: at(0),
      },
    ])
    expect((await operator.listInstances(b)).map(({ tenant }) => tenant)).toEqual(['b'])
    const ofTenantA = { tenant: 'a', instances: 1, gateways: 2, links: 1, pending: 1, bots: [shared] }
    const ofTenantB = { tenant: 'b', instances: 1, gateways: 1, links: 0, pending: 0, bots: [ofB] }
    expect(await operator.listTenants(everywhere)).toEqual([ofTenantA, ofTenantB])
    expect(await operator.listTenants(a)).toEqual([ofTenantA])
  })
}
