import { eventually } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { quiet } from '../service/deliveries/deliveries.test.support.js'
import { discord, greeted, key, openDoor, telegram } from './sockets.test.support.js'

const platformsOf = (frames: readonly Record<string, unknown>[]) =>
  // The cast: a descriptor's shape.
  frames.map(({ descriptor }) => (descriptor as { platform: string }).platform)

describe('hellos', () => {
  // proves: relay.f6
  it('get one descriptor each, in order, and the first is the default', async () => {
    const door = await openDoor()
    await door.addBot({ platform: 'slack', botId: 'b3' })
    const peer = await door.dial()
    peer.hello(telegram)
    peer.hello(discord)
    peer.hello({ platform: 'slack', botId: 'b3' })

    expect(platformsOf(await peer.got('descriptor', 3))).toEqual(['telegram', 'discord', 'slack'])
    await eventually(() => door.node.deliveries.links().length === 1)
    expect(door.node.deliveries.links()[0]?.advertised[0]).toEqual(telegram)
    expect(peer.messages[0]).toMatch(/^\{"type":"descriptor".*\}\n$/)
  })

  // proves: relay.f6
  it('for bots that the tenant does not front get none when they are not the first', async () => {
    const door = await openDoor()
    await door.addBot({ platform: 'slack', botId: 'theirs', provisioned: ['org-18'] })
    await door.addBot({ platform: 'slack', botId: 'withdrawn', tenants: ['org-18'] })
    const peer = await door.dial()
    peer.hello(discord)
    peer.hello({ platform: 'slack', botId: 'theirs' })
    peer.hello({ platform: 'slack', botId: 'withdrawn' })
    peer.hello({ platform: 'slack', botId: 'nobody' })
    peer.hello(telegram)

    expect(platformsOf(await peer.got('descriptor', 2))).toEqual(['discord', 'telegram'])
    await eventually(() => door.node.deliveries.links().length === 1)
    expect(door.node.deliveries.links()[0]?.advertised).toEqual([discord, telegram])
    expect(peer.closed).toBeUndefined()
  })

  it.each([
    ['another tenant fronts', async () => ({ platform: 'slack', botId: 'theirs' })],
    ['nobody knows', async () => ({ platform: 'slack', botId: 'nobody' })],
  ])('for a bot that %s end the socket with 4403 when they are the first', async (_, identity) => {
    const door = await openDoor()
    await door.addBot({ platform: 'slack', botId: 'theirs', provisioned: ['org-18'] })
    const peer = await door.dial()
    peer.hello(await identity())
    peer.hello(discord)

    expect(await peer.closedWith()).toEqual({ code: 4403, reason: 'identity_not_provisioned' })
    expect(peer.messages).toEqual([])
  })

  it('for a bot that is closed here get no descriptor', async () => {
    const door = await openDoor()
    door.removeBot(discord)
    const peer = await door.dial()
    peer.hello(discord)

    expect((await peer.closedWith()).code).toBe(4403)
  })

  it('that are repeated get the same descriptor again', async () => {
    const door = await openDoor()
    const peer = await greeted(door)
    peer.hello(discord)

    const [first, second] = await peer.got('descriptor', 2)
    expect(second).toEqual(first)
    expect(door.node.deliveries.links()[0]?.advertised).toEqual([discord])
  })

  it('of a gateway without configuration are for the only bot of its tenant', async () => {
    const door = await openDoor()
    await door.node.addInstance({ tenant: 'org-18', instanceId: 'i1' })
    await door.addBot({ platform: 'slack', botId: 'only', provisioned: ['org-18'] })
    const hello = { platform: 'relay', botId: '' }

    const one = await door.dial({ token: 'org-18/i1' })
    one.hello(hello)
    expect(platformsOf(await one.got('descriptor'))).toEqual(['slack'])

    const several = await door.dial()
    several.hello(hello)
    expect((await several.closedWith()).code).toBe(4403)
  })

  // proves: relay.s6
  it('name no tenant: what they say of one has no effect', async () => {
    const door = await openDoor()
    const peer = await door.dial()
    peer.hello(discord, { tenant: 'org-18', instanceId: 'i9', gatewayId: 'gw' })
    await peer.got('descriptor')

    await eventually(() => door.node.deliveries.links().length === 1)
    expect(door.node.deliveries.links()[0]?.gateway).toMatchObject(key)
  })

  it('bring commands, which a handshake does not wait for', async () => {
    const door = await openDoor()
    const peer = await door.dial()
    peer.hello(discord, { command_manifest: [{ name: 'new', description: 'Start over' }] })
    await peer.got('descriptor')

    expect(door.offered).toEqual([
      { tenant: 'org-17', bot: discord, manifest: [{ name: 'new', description: 'Start over' }] },
    ])
  })

  it('that do not come within 30 s end the socket with 4408', async () => {
    const door = await openDoor()
    const peer = await door.dial()
    peer.send({ type: 'going_idle' })
    await peer.heard()

    await door.clock.advance(30_000)

    expect((await peer.closedWith()).code).toBe(4408)
    expect(peer.messages).toEqual([])
  })

  it('that are accepted keep the socket', async () => {
    const door = await openDoor()
    const peer = await greeted(door)

    await door.clock.advance(30_000)
    await peer.heard()

    expect(peer.closed).toBeUndefined()
  })

  it('end in 1013 when the store is away', async () => {
    const door = await openDoor()
    door.node.deps.store.bots.isProvisioned = async () => {
      throw new Error('the store is away')
    }
    const peer = await door.dial()
    peer.hello(discord)

    expect((await peer.closedWith()).code).toBe(1013)
  })
})

describe('before the first descriptor', () => {
  it('nothing is sent, whatever waits', async () => {
    const door = await openDoor()
    await door.node.receive(key, 'a')
    const peer = await door.dial()
    await peer.heard()
    await quiet(door.node)
    expect(peer.messages).toEqual([])

    peer.hello(discord)
    await peer.got('inbound')
    expect(peer.frames.map(({ type }) => type)).toEqual(['descriptor', 'inbound'])
  })

  it('other frames are ignored', async () => {
    const door = await openDoor()
    const peer = await door.dial()
    peer.send(
      { type: 'outbound', requestId: '1', action: { op: 'send' } },
      { type: 'going_idle' },
      { type: 'inbound_ack', bufferId: 'b' },
      { type: 'interrupt', session_key: 's', reason: null },
    )
    await peer.heard()
    peer.hello(discord)
    await peer.got('descriptor')
    await peer.heard()

    expect(peer.frames).toHaveLength(1)
    expect(door.performed).toEqual([])
    expect(door.node.deps.tally.read()['acks.unknown']).toBeUndefined()
  })

  it('the backlog waits for all hellos that came together', async () => {
    const door = await openDoor()
    await door.node.receive(key, 'a')
    const peer = await door.dial()
    peer.sendText(
      [discord, telegram].map((hello) => `${JSON.stringify({ type: 'hello', ...hello })}\n`).join(''),
    )

    await peer.got('inbound')

    expect(peer.frames.map(({ type }) => type)).toEqual(['descriptor', 'descriptor', 'inbound'])
  })
})
