import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import type { OutboundAction } from '../protocol/index.js'
import { anEvent } from './conformance/subject.js'
import { descriptorOf } from './stub-connector.test.support.js'
import { openConnected, openTransport } from './transport.test.support.js'

const send = (content: string, more: object = {}): OutboundAction => ({
  op: 'send',
  chat_id: 'C1',
  content,
  ...more,
})
const both = [
  { platform: 'discord', botId: '1180' },
  { platform: 'telegram', botId: '7' },
]

// proves: relay.f6
describe('the handshake', () => {
  test('says hello for every bot, in order; the first descriptor is the default', async () => {
    const manifest = [{ name: 'new', description: 'Start over' }]
    const { transport, connector } = await openConnected({ identities: both, commandManifest: manifest })
    await eventually(() => transport.descriptors().size === 2)

    expect(connector.of('hello')).toEqual([
      { type: 'hello', platform: 'discord', botId: '1180', command_manifest: manifest },
      { type: 'hello', platform: 'telegram', botId: '7' },
    ])
    expect((await transport.handshake()).platform).toBe('discord')
    expect([...transport.descriptors().keys()]).toEqual(['discord', 'telegram'])
  })

  test('without bots says hello for the only one there is', async () => {
    const { transport, connector } = await openConnected({ identities: undefined }, (one) => {
      one.hello = () => descriptorOf('slack')
    })

    expect(connector.of('hello')).toEqual([{ type: 'hello', platform: 'relay', botId: '' }])
    expect((await transport.handshake()).platform).toBe('slack')
  })

  test('with a descriptor that lacks something is closed and tried again', async () => {
    const opened = await openTransport({}, (connector) => {
      connector.hello = () => descriptorOf('telegram', { label: undefined })
    })
    void opened.transport.connect()
    await opened.in('waiting')
    opened.connector.hello = () => descriptorOf('telegram')
    await opened.clock.advance(1_200)

    await opened.in('connected')
    expect(opened.reports.join()).toContain('required member')
  })

  test('of a new connection replaces the descriptors of the old one', async () => {
    const opened = await openConnected()
    opened.connector.hello = () => descriptorOf('telegram', { max_message_length: 100 })
    opened.connector.cut()
    await opened.in('waiting')
    await expect(opened.transport.handshake()).rejects.toThrow('relay transport not connected')
    await opened.clock.advance(1_200)
    await opened.in('connected')

    expect((await opened.transport.handshake()).max_message_length).toBe(100)
  })
})

// proves: relay.f5
test('frames that nobody knows, malformed ones and blank lines are passed over', async () => {
  const { connector, transport } = await openConnected()
  for (const socket of connector.sockets)
    socket.send(
      '\n\nnot json\n[1]\n7\n{"type":"__proto__"}\n{"type":"constructor"}\n{"type":5}\n{"type":"hel',
    )
  for (const socket of connector.sockets)
    socket.send('lo"}\n{"type":"inbound"}\n{"type":"outbound_result"}\n')

  expect(await transport.sendOutbound(send('still here'))).toMatchObject({ success: true })
})

// proves: relay.f8
test('a hundred results in random order each find their action', async () => {
  const { transport, connector } = await openConnected()
  const waiting: { requestId: unknown; content: unknown }[] = []
  connector.answer = ({ content }, { requestId }) => void waiting.push({ requestId, content })

  const results = Array.from({ length: 100 }, (_, at) => transport.sendOutbound(send(`m${at}`)))
  await eventually(() => waiting.length === 100)
  const shuffled = waiting.toSorted((a, b) => String(a.requestId).localeCompare(String(b.requestId)))
  for (const { requestId, content } of shuffled.toReversed())
    connector.say({ type: 'outbound_result', requestId, result: { success: true, message_id: content } })

  const ids = (await Promise.all(results)).map((result) => result.success && result.message_id)
  expect(ids).toEqual(Array.from({ length: 100 }, (_, at) => `m${at}`))
  expect(new Set(waiting.map(({ requestId }) => requestId)).size).toBe(100)
})

describe('the target of an action', () => {
  test('is the bot that the chat was heard of by', async () => {
    const { transport, connector } = await openConnected({ identities: both })
    let heard = 0
    transport.setInboundHandler(async () => void heard++)
    const event = anEvent('x')
    connector.say({ type: 'inbound', event })
    connector.say({
      type: 'inbound',
      event: { ...event, source: { ...event.source, platform: 'discord', user_id: 'U2' } },
    })
    await eventually(() => heard === 2)

    await transport.sendOutbound(send('a', { metadata: { user_id: 'U1' } }))
    await transport.sendOutbound(send('b', { metadata: { user_id: 'U2' } }))
    await transport.sendOutbound({ op: 'send', chat_id: 'unheard of', content: 'c' })
    await transport.sendFollowUp({
      op: 'follow_up',
      session_key: 'k',
      kind: 'discord.interaction_token',
      content: 'd',
    })
    await transport.getChatInfo('C1')

    expect(connector.of('outbound').map(({ platform, botId }) => [platform, botId])).toEqual([
      ['telegram', '7'],
      ['discord', '1180'],
      [undefined, undefined],
      ['discord', '1180'],
      ['discord', '1180'],
    ])
  })
})
