// Our gateway client against a connector that was written from the contract alone, in Python: deliveries, interrupts.
import type { PassthroughForward } from '@parley/relay/protocol'
import { eventually } from '@parley/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { type Connection, inbound, openConnected } from './python/relay/connector.test.support.js'
import { hasPython } from './python/relay/installed.test.support.js'

const isInstalled = await hasPython()
let open: Connection | undefined
afterEach(async () => {
  await open?.stop()
  open = undefined
})
const connected = async (...options: Parameters<typeof openConnected>) => {
  open = await openConnected(...options)
  return open
}

describe.skipIf(!isInstalled)('our gateway and what a foreign connector delivers', () => {
  // proves: relay.f19
  test('a message that comes again is acked and not handed on; one that failed is not acked', async () => {
    const { transport, send, frames, frame } = await connected()
    const texts: string[] = []
    transport.setInboundHandler(async ({ text }) => {
      texts.push(text)
      if (text === 'bad') throw new Error('not today')
    })

    await send(inbound('good', { bufferId: 'b-1' }))
    await send(inbound('good', { bufferId: 'b-2' }))
    await send(inbound('bad', { bufferId: 'b-3' }))
    await send(inbound('live'))
    await send(inbound('good', { bufferId: 'b-4', chat_id: 'C2' }))
    await frame('inbound_ack', ({ bufferId }) => bufferId === 'b-4')
    await send(inbound('last', { bufferId: 'b-5' }))
    await frame('inbound_ack', ({ bufferId }) => bufferId === 'b-5')

    expect(texts.filter((text) => text === 'good')).toHaveLength(2)
    expect(texts).toContain('live')
    const acked = (await frames('inbound_ack')).map(({ bufferId }) => bufferId)
    expect(acked.sort()).toEqual(['b-1', 'b-2', 'b-4', 'b-5'])
  })

  test('what failed is handed on again, with the next delivery', async () => {
    const { transport, send, frame } = await connected()
    let times = 0
    transport.setInboundHandler(async () => {
      times += 1
      if (times === 1) throw new Error('not yet')
    })

    await send(inbound('again', { bufferId: 'b-1' }))
    await eventually(() => times === 1)
    await send(inbound('again', { bufferId: 'b-1' }))
    await frame('inbound_ack')

    expect(times).toBe(2)
  })

  // proves: relay.p15
  test('a handler that waits for what it sends holds up neither the reader nor other chats', async () => {
    const { connector, transport, send, frame, frames } = await connected()
    await connector.ask('rule', { result: null })
    const order: string[] = []
    transport.setInboundHandler(async ({ text, source }) => {
      order.push(`${text} begins`)
      await transport.sendOutbound({ op: 'send', chat_id: source.chat_id, content: text, metadata: {} })
      order.push(`${text} ends`)
    })

    await send(inbound('one', { bufferId: 'b-1' }))
    await send(inbound('two', { bufferId: 'b-2' }))
    await send(inbound('else', { bufferId: 'b-3', chat_id: 'C2' }))
    for (const text of ['else', 'one', 'two']) {
      const { requestId } = await frame(
        'outbound',
        ({ action }) => (action as { content: string }).content === text,
      )
      await connector.ask('answer', { connection: 1, requestId, result: { success: true, message_id: 'm' } })
      await eventually(() => order.includes(`${text} ends`))
    }
    await frame('inbound_ack', ({ bufferId }) => bufferId === 'b-2')

    expect(order.indexOf('else ends')).toBeLessThan(order.indexOf('one ends'))
    expect(order.indexOf('one ends')).toBeLessThan(order.indexOf('two begins'))
    expect((await frames('inbound_ack')).map(({ bufferId }) => bufferId)).toEqual(['b-3', 'b-1', 'b-2'])
  })

  // proves: relay.p17
  test('bytes that are passed on arrive as they were, and are acked by whoever took them', async () => {
    const { transport, send, frame, frames } = await connected()
    const seen: { forward: PassthroughForward; bufferId?: string }[] = []
    transport.setPassthroughHandler(async (forward, bufferId, delivery) => {
      seen.push({ forward, bufferId })
      if (bufferId === 'b-3') await delivery.ack()
    })
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const headers = [['a', '1'], ['a', '2'], ['odd'], 7]
    const forward = { platform: 'discord', botId: 'B', method: 'POST', path: '/x', headers }
    const bodies = [Buffer.from(bytes).toString('base64'), 'not-base64_', 'QQ', 'QUI=']

    for (const [at, bodyB64] of bodies.entries())
      await send({ type: 'passthrough_forward', bufferId: `b-${at}`, forward: { ...forward, bodyB64 } })
    await frame('inbound_ack')
    await eventually(() => seen.length === 4)

    const read = seen.map((one) => Buffer.from(one.forward.body))
    expect(read).toEqual([Buffer.from(bytes), Buffer.alloc(0), Buffer.alloc(0), Buffer.from('AB')])
    expect(seen[0]!.forward).toMatchObject({ method: 'POST', path: '/x', headers: headers.slice(0, 2) })
    expect(await frames('inbound_ack')).toEqual([{ type: 'inbound_ack', bufferId: 'b-3' }])
  })

  // proves: relay.f30
  test('interrupts go both ways', async () => {
    const { transport, send, frame } = await connected()
    const interrupted: string[][] = []
    transport.setInterruptHandler((key, chat) => void interrupted.push([key, chat]))

    await transport.sendInterrupt('agent:main:discord:group:C1:U1', 'user typed /stop')
    await transport.sendInterrupt('agent:main:discord:dm:D1')
    await send({ type: 'interrupt_inbound', session_key: 'agent:main:discord:dm:D1', chat_id: 'D1' })
    await eventually(() => interrupted.length > 0)

    expect(interrupted).toEqual([['agent:main:discord:dm:D1', 'D1']])
    expect(await frame('interrupt', ({ reason }) => reason !== null)).toEqual({
      type: 'interrupt',
      session_key: 'agent:main:discord:group:C1:U1',
      reason: 'user typed /stop',
    })
    expect(await frame('interrupt', ({ reason }) => reason === null)).toMatchObject({
      session_key: 'agent:main:discord:dm:D1',
    })
  })
})
