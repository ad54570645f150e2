import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { InstanceKey } from '../../store/port.js'
import { attached, gatewayOf, key, type Node, quiet, startNode } from './deliveries.test.support.js'

const sibling = { tenant: 'org-17', instanceId: 'i2' }
const stranger = { tenant: 'org-18', instanceId: 'i1' }
const sessionKey = 'agent:main:discord:group:C1:U1'

const [inMemory] = await testGrounds()

async function open() {
  const clock = fakeClock()
  const { ground, close } = await inMemory!.open({ clock })
  onTestFinished(close)
  const node = await startNode(ground)
  for (const one of [key, sibling, stranger]) await node.addInstance(one)
  return { node, clock }
}

/** The session runs at this instance. */
async function remember({ deps, ground }: Node, key: InstanceKey, chatId: string): Promise<void> {
  const ops = deps.store.routing.remember({
    ...key,
    platform: 'discord',
    botId: 'b1',
    chatId,
    userId: 'U1',
    chatType: 'group',
    chatName: null,
    scopeId: null,
    threadId: null,
    sessionKey,
    lastSeenAt: ground.clock.micros(),
  })
  await ground.log.commit({ ops, appends: [] })
}

describe('an interrupt', () => {
  // proves: relay.f14
  it('reaches only the instance that runs the session, within the tenant of who asks', async () => {
    const { node } = await open()
    await remember(node, sibling, 'C1')
    await remember(node, stranger, 'C9')
    const links = { one: await attached(node, key), two: await attached(node, sibling) }
    const foreign = await attached(node, stranger)

    await node.deliveries.interrupt(gatewayOf(key), sessionKey)

    expect(links.two.frames).toEqual([{ type: 'interrupt_inbound', session_key: sessionKey, chat_id: 'C1' }])
    expect([...links.one.frames, ...foreign.frames]).toEqual([])
  })

  it('may be for the instance that asks', async () => {
    const { node } = await open()
    await remember(node, key, 'C1')
    const link = await attached(node, key)

    await node.deliveries.interrupt(gatewayOf(key), sessionKey)

    expect(link.frames).toHaveLength(1)
  })

  // proves: relay.f14 relay.s2
  it('for a session of another tenant alone is dropped and counted', async () => {
    const { node } = await open()
    await remember(node, stranger, 'C9')
    const foreign = await attached(node, stranger)

    await node.deliveries.interrupt(gatewayOf(key), sessionKey)

    expect(foreign.frames).toEqual([])
    expect(node.deps.tally.read()['interrupts.missed']).toBe(1)
  })

  it('is not kept for an instance without a socket', async () => {
    const { node } = await open()
    await remember(node, sibling, 'C1')
    await node.deliveries.interrupt(gatewayOf(key), sessionKey)

    const late = await attached(node, sibling)
    await quiet(node)

    expect(late.frames).toEqual([])
    expect(node.deps.tally.read()['interrupts.missed']).toBe(1)
  })

  it('finds no session that was not seen for a day', async () => {
    const { node, clock } = await open()
    await remember(node, sibling, 'C1')
    await clock.advance(86_400_001)
    const link = await attached(node, sibling)

    await node.deliveries.interrupt(gatewayOf(key), sessionKey)

    expect(link.frames).toEqual([])
  })

  it('of a platform goes to the instance it names', async () => {
    const { node } = await open()
    const link = await attached(node, key)

    node.deliveries.interruptInstance(key, 's', 'C1')
    node.deliveries.interruptInstance(sibling, 's', 'C1')

    await eventually(() => link.frames.length === 1)
    await eventually(() => node.deps.tally.read()['interrupts.missed'] === 1)
  })
})
