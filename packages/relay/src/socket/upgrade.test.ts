import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { signToken } from '../service/credentials/credentials.test.support.js'
import { createSecrets, createVerifyToken } from '../service/credentials/index.js'
import { firstSecret } from '../service/credentials/secrets.js'
import { gatewayOf } from '../service/deliveries/deliveries.test.support.js'
import { discord, greeted, key, openDoor, tokenOf } from './sockets.test.support.js'

describe('an upgrade', () => {
  // proves: relay.f4 relay.p2
  it.each([
    ['a bad token', 'Bearer nonsense', 'unauthorized'],
    ['no token', '', 'unauthorized'],
    ['another scheme', `Basic ${tokenOf(key)}`, 'unauthorized'],
    ['an expired token', 'Bearer expired', 'expired'],
  ])('with %s is completed, then closed with 4401 before any frame', async (_, authorization, reason) => {
    const door = await openDoor()

    const peer = await door.dial({ authorization })
    peer.hello(discord)

    expect(await peer.closedWith()).toEqual({ code: 4401, reason })
    expect(peer.messages).toEqual([])
  })

  // proves: relay.f4 relay.f3 relay.s4
  it('goes by the stored record: signed right, too late, and revoked', async () => {
    const door = await openDoor({ verify: async (token) => await verify(token) })
    const { deps, ground } = door.node
    const secrets = createSecrets(deps)
    const verify = createVerifyToken(deps, secrets)
    const [secret, gatewayId] = ['0f'.repeat(32), gatewayOf(key).gatewayId]
    const sealed = firstSecret(secrets.seal(gatewayId, secret), 1)
    await ground.log.commit({
      ops: [deps.store.gateways.change(gatewayId, { secrets: sealed })],
      appends: [],
    })
    const now = Math.floor(door.clock.now() / 1_000)

    const late = await door.dial({ token: signToken(secret, gatewayId, now - 1) })
    expect(await late.closedWith()).toEqual({ code: 4401, reason: 'expired' })
    const token = signToken(secret, gatewayId, now + 300)
    const peer = await greeted(door, { token })
    expect(door.node.deliveries.links()[0]?.gateway).toEqual(gatewayOf(key))
    const revoked = deps.store.gateways.change(gatewayId, { revokedAt: 1 })
    await ground.log.commit({ ops: [revoked], appends: [] })
    door.node.deliveries.revoke({ gatewayId })
    expect(await peer.closedWith()).toEqual({ code: 4401, reason: 'unauthorized' })
    const again = await door.dial({ token })
    expect(await again.closedWith()).toEqual({ code: 4401, reason: 'unauthorized' })
  })

  // proves: relay.p22
  it('is closed with 1013, never 4401, while the store is away', async () => {
    const door = await openDoor({ verify: () => Promise.reject(new Error('the store is away')) })

    const peer = await door.dial()

    expect((await peer.closedWith()).code).toBe(1013)
    expect(door.node.deps.faults).toHaveLength(1)
  })

  // proves: relay.p22
  it('is closed with 1013 when the store does not answer in time', async () => {
    const door = await openDoor({ verify: () => new Promise(() => {}) })
    const peer = await door.dial()
    await eventually(() => door.clock.pending > 0)

    await door.clock.advance(30_000)

    expect((await peer.closedWith()).code).toBe(1013)
  })

  // proves: relay.f1
  it.each(['/', '/relay/', '/relays', '/relay/x', '/RELAY', '//relay', '/x/relay'])(
    'to %s is answered 400',
    async (path) => {
      const door = await openDoor()

      await expect(door.dial({ path })).rejects.toThrow('400')
    },
  )

  it('may have a query', async () => {
    const door = await openDoor()
    const peer = await door.dial({ path: '/relay?x=1' })
    peer.hello(discord)

    await peer.got('descriptor')
  })

  it('that is no WebSocket request is refused', async () => {
    const door = await openDoor()

    const response = await fetch(door.url.replace('ws:', 'http:'), {
      headers: { 'sec-websocket-version': '13' },
      signal: AbortSignal.timeout(200),
    }).catch(() => undefined)

    expect(response).toBeUndefined()
    expect(door.sockets.owns('/relay')).toBe(true)
    expect(door.sockets.owns('/relay/media')).toBe(false)
  })

  it('of one gateway too many is closed with 1013, and others are not', async () => {
    const door = await openDoor({ options: { limits: { socketsPerGateway: 2 } } })
    const peers = [await greeted(door), await greeted(door)]
    const third = await door.dial()
    expect(await third.closedWith()).toEqual({ code: 1013, reason: 'too many connections' })

    await door.node.addInstance({ tenant: 'org-17', instanceId: 'i2' })
    await greeted(door, { token: 'org-17/i2' })
    peers[0]!.socket.close()
    await peers[0]!.closedWith()
    await eventually(() => door.node.deliveries.links().length === 2)
    await greeted(door)
  })
})

describe('the end', () => {
  it('of the connector is 1001 for every socket, and no new ones are taken', async () => {
    const door = await openDoor()
    const peers = [await greeted(door), await door.dial()]

    await door.sockets.stop()

    for (const peer of peers) expect((await peer.closedWith()).code).toBe(1001)
    await expect(door.dial()).rejects.toThrow('503')
  })

  it('of a socket forgets it everywhere', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    peer.socket.close()

    await eventually(() => door.node.deliveries.links().length === 0 && door.forgotten === 1)
    await eventually(async () => (await door.node.deps.store.instances.find(key))?.state === 'vacant')
  })
})
