import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { listen } from './support/listener.js'
import type { Peer } from './support/peer.js'
import { bothGrounds, discord, type Gateway, openPlane, type Plane } from './support/plane.js'

const direct = { userId: 'ana', chatId: 'direct-ana', chatType: 'dm' } as const
const say = (plane: Plane, text: string) => plane.sim().say({ ...direct, text })
const numbers = (count: number) => Array.from({ length: count }, (_, n) => String(n + 1))

async function openWithGateway(options: Parameters<typeof openPlane>[0] = {}) {
  const plane = await openPlane(options)
  const gateway = await plane.enrol('org-a', 'a', { people: ['ana'] })
  return { plane, gateway }
}

async function idle(peer: Peer): Promise<void> {
  const before = peer.of('going_idle_ack').length
  peer.send({ type: 'going_idle' })
  await peer.got('going_idle_ack', before + 1)
}

/** What is not acknowledged yet. */
const waiting = async (plane: Plane, gateway: Gateway): Promise<number> => {
  const rows = await plane.operator.listInstances({ tenant: gateway.tenant })
  return rows.find(({ instanceId }) => instanceId === gateway.instanceId)!.buffer.entries
}

describe.each(bothGrounds)('on $name', (on) => {
  // proves: relay.f17
  test('after the answer to going idle nothing is delivered, and what raced it comes once', async () => {
    const { plane, gateway } = await openWithGateway({ on })
    const texts: string[] = []
    for (let round = 0; round < 10; round++) {
      const peer = await plane.greet(gateway)
      peer.isAcking = true
      const said = Promise.all(
        numbers(5).map((n) => plane.sim().say({ ...direct, chatId: 'direct-ana', text: `${round}.${n}` })),
      )
      if (round % 2 === 1) await peer.got('inbound', 1)
      peer.send({ type: 'going_idle' })
      await peer.got('going_idle_ack')
      const atAck = peer.frames.length
      await said
      await say(plane, `${round}.late`)
      await peer.read()

      expect(
        peer.frames.slice(peer.frames.findIndex(({ type }) => type === 'going_idle_ack') + 1, atAck),
      ).toEqual([])
      expect(peer.frames.at(-1)!.type).toBe('going_idle_ack')
      texts.push(...peer.heard)
      peer.kill()
    }
    const last = await plane.greet(gateway)
    last.isAcking = true
    await eventually(() => texts.length + last.heard.length >= 60)
    await eventually(async () => (await waiting(plane, gateway)) === 0)
    const all = [...texts, ...last.heard]
    expect(all).toHaveLength(60)
    expect(new Set(all).size).toBe(60)
  })

  // proves: relay.f18, relay.s10
  test('a backlog of fifty is drained in order, whatever number was acknowledged when the link ended', async () => {
    const { plane, gateway } = await openWithGateway({ on })
    await idle(await plane.greet(gateway))
    for (const text of numbers(50)) await say(plane, text)
    expect(await waiting(plane, gateway)).toBe(50)

    const acked: string[] = []
    const seen = new Map<string, string>()
    // One more each time: 0, 1, 2 … acknowledged, then the link is cut while the next one is on its way.
    for (let k = 0; acked.length < 50; k++) {
      const peer = await plane.dial(gateway)
      await peer.hello(discord)
      const share = Math.min(k, 50 - acked.length)
      for (let n = 0; n < share; n++) {
        const { bufferId, event } = (await peer.got('inbound', n + 1))[n]!
        acked.push(event.text)
        peer.ack(bufferId)
      }
      if (acked.length < 50) {
        const next = (await peer.got('inbound', share + 1)).at(-1)!
        // The same bytes each time, and no more than one that is not acknowledged.
        const before = seen.get(next.event.text) ?? JSON.stringify(next)
        expect(JSON.stringify(next)).toBe(before)
        seen.set(next.event.text, before)
      }
      await peer.read()
      expect(peer.heard).toEqual(
        numbers(50).slice(acked.length - share, acked.length - share + peer.heard.length),
      )
      expect(peer.heard.length).toBeLessThanOrEqual(share + 1)
      peer.kill()
    }
    expect(acked).toEqual(numbers(50))
    await eventually(async () => (await waiting(plane, gateway)) === 0)
    const after = await plane.greet(gateway)
    await say(plane, 'new')
    await after.got('inbound')
    expect(after.heard).toEqual(['new'])
  })

  // proves: relay.f18, relay.s10
  test('what comes while a backlog is drained stands at its end', async () => {
    const { plane, gateway } = await openWithGateway({ on })
    await idle(await plane.greet(gateway))
    for (const text of numbers(5)) await say(plane, text)
    const peer = await plane.dial(gateway)
    await peer.hello(discord)
    await peer.got('inbound')
    for (const text of ['6', '7', '8']) await say(plane, text)
    await peer.read()
    expect(peer.heard).toEqual(['1'])
    for (let n = 1; n <= 8; n++) peer.ack((await peer.got('inbound', n))[n - 1]!.bufferId)

    expect(peer.heard).toEqual(numbers(8))
    await eventually(async () => (await waiting(plane, gateway)) === 0)
  })

  // proves: relay.f18
  test('a gateway that acknowledges nothing for a minute is left alone until it dials again', async () => {
    const { plane, gateway } = await openWithGateway({ on })
    const first = await plane.greet(gateway)
    first.isAcking = true
    await say(plane, 'it can acknowledge')
    await first.got('inbound')
    await eventually(async () => (await waiting(plane, gateway)) === 0)
    await idle(first)
    for (const text of numbers(3)) await say(plane, text)
    const peer = await plane.dial(gateway)
    await peer.hello(discord)
    await peer.got('inbound')
    await plane.pass(61_000)
    const [{ bufferId }] = peer.of('inbound')
    await say(plane, '4')
    await peer.read()
    expect(peer.heard).toEqual(['1'])
    // Late, but what it took it took.
    peer.ack(bufferId)
    await eventually(async () => (await waiting(plane, gateway)) === 3)
    peer.kill()
    const again = await plane.dial(gateway)
    again.isAcking = true
    await again.hello(discord)
    await again.got('inbound', 3)
    expect(again.heard).toEqual(['2', '3', '4'])
  })

  // proves: relay.f20, relay.p21
  test('who sleeps is poked at the first event, and again only after a minute', async () => {
    const { origin, hits } = await listen()
    const { plane, gateway } = await openWithGateway({ on, wakeAddresses: ['127.0.0.1'] })
    const set = { wakeUrl: `${origin}/wake` }
    expect((await plane.call('/manage/wake', set, { token: plane.tokenOf(gateway) })).status).toBe(200)
    const pokes = async (count: number) => {
      await eventually(() => hits.length >= count)
      expect(hits).toHaveLength(count)
    }
    const peer = await plane.greet(gateway)
    peer.isAcking = true
    await say(plane, 'awake')
    await peer.got('inbound')
    await idle(peer)
    // Chatter that nobody is to hear wakes nobody.
    await plane.sim().say({ userId: 'eve', chatId: 'direct-eve', chatType: 'dm', text: 'psst' })

    await say(plane, 'one')
    await pokes(1)
    await say(plane, 'two')
    await plane.pass(59_000)
    await say(plane, 'three')
    await plane.pass(1_001)
    await say(plane, 'four')
    await pokes(2)
    expect(hits.map(({ method, path, body }) => [method, path, body])).toEqual(
      Array(2).fill(['GET', '/wake', '']),
    )
    expect(plane.operator.counts().pokes).toBe(2)
    const again = await plane.dial(gateway)
    again.isAcking = true
    await again.hello(discord)
    await again.got('inbound', 4)
    expect(again.heard).toEqual(['one', 'two', 'three', 'four'])
  })

  // proves: relay.p10
  test('forwards that nobody acknowledges hold up nothing, come three times more, and end', async () => {
    const { plane, gateway } = await openWithGateway({ on })
    await plane.sim().addChat({
      id: 'direct-ana',
      type: 'dm',
      name: 'ana',
      scopeId: null,
      parentId: null,
      members: ['ana'],
    })
    const first = await plane.greet(gateway)
    await idle(first)
    await plane.sim().command({ userId: 'ana', chatId: 'direct-ana', name: 'new' })
    await say(plane, 'behind it')
    const counts: number[] = []
    for (let round = 0; round < 6; round++) {
      const peer = await plane.dial(gateway)
      peer.isAcking = true
      await peer.hello(discord)
      if (round === 0) await peer.got('inbound')
      await say(plane, `round ${round}`)
      await eventually(() => peer.heard.includes(`round ${round}`))
      counts.push(peer.of('passthrough_forward').length)
      peer.kill()
    }
    expect(counts).toEqual([1, 1, 1, 1, 0, 0])
    await plane.sim().command({ userId: 'ana', chatId: 'direct-ana', name: 'new' })
    await plane.pass(900_000)
    const late = await plane.greet(gateway)
    await say(plane, 'last')
    await late.got('inbound')
    expect(late.of('passthrough_forward')).toEqual([])
  })
})
