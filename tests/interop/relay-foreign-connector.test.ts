// Our gateway client against a connector that was written from the contract alone, in Python: connecting, reading.
import type { MessageEvent } from '@parley/relay/protocol'
import { eventually } from '@parley/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type Connection,
  credential,
  type Dial,
  descriptor,
  discord,
  type Ended,
  inbound,
  openConnected,
  openConnection,
  telegram,
} from './python/relay/connector.test.support.js'
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
/** Texts in the order in which the handler was called. */
function textsOf({ transport }: Connection): string[] {
  const texts: string[] = []
  transport.setInboundHandler(async (event: MessageEvent) => {
    texts.push(event.text)
  })
  return texts
}

describe.skipIf(!isInstalled)('our gateway and a foreign connector', () => {
  // proves: relay.f6, relay.f30
  test('several hellos, in order; a bot without descriptor is left out; the first one is the default', async () => {
    const commandManifest = [{ name: 'new', description: 'Start over' }]
    const strange = { platform: 'slack', botId: 'B1' }
    const { transport, frames, connector } = await connected({
      identities: [telegram, strange, discord],
      commandManifest,
    })
    await eventually(() => transport.descriptors().size === 2)

    expect(await frames('hello')).toEqual([
      { type: 'hello', ...telegram },
      { type: 'hello', ...strange },
      { type: 'hello', ...discord, command_manifest: commandManifest },
    ])
    expect(await transport.handshake()).toMatchObject({ platform: 'telegram', len_unit: 'utf16' })
    expect([...transport.descriptors().keys()]).toEqual(['telegram', 'discord'])
    expect(await connector.all<Dial>('dial')).toMatchObject([
      { verdict: 'ok', gatewayId: credential.gatewayId },
    ])
  })

  test('a gateway without bots says so', async () => {
    open = await openConnection({ identities: [] })
    await open.connector.ask('rule', { descriptors: { relay: descriptor } })
    await open.transport.connect()

    expect(await open.transport.handshake()).toMatchObject({ platform: 'discord' })
    expect(await open.frames('hello')).toEqual([{ type: 'hello', platform: 'relay', botId: '' }])
  })

  // proves: relay.f7
  test.each([
    [
      { max_message_length: 0, supported_ops: 'junk' },
      { max_message_length: 4096, supported_ops: [] },
    ],
    [
      { max_message_length: -1, supported_ops: ['send', '', 7] },
      { max_message_length: 4096, supported_ops: ['send'] },
    ],
    [
      { max_message_length: 'x', emoji: undefined },
      { max_message_length: 4096, pii_safe: false },
    ],
    [
      { max_message_length: 2.5, unknown: { deep: [1] } },
      { max_message_length: 4096, platform_hint: '' },
    ],
  ])('reads a descriptor with %o', async (sent, read) => {
    open = await openConnection({ identities: [discord] })
    await open.connector.ask('rule', { descriptors: { discord: { ...descriptor, ...sent } } })
    await open.transport.connect()

    expect(await open.transport.handshake()).toMatchObject(read)
  })

  test('a descriptor that lacks something ends the connection, and the next one counts', async () => {
    open = await openConnection({ identities: [discord] })
    const { label: _, ...lacking } = descriptor
    await open.connector.ask('rule', { descriptors: { discord: lacking } })
    await open.transport.connect()
    await open.connector.heard<Ended>('ended')
    await open.connector.ask('rule', { descriptors: { discord: descriptor } })
    await eventually(() => open!.clock.advance(1_000).then(() => open!.transport.state.state === 'connected'))

    expect(await open.transport.handshake()).toMatchObject({ label: 'Discord' })
  })

  // proves: relay.f5
  test('frames come in any number of messages, and what is no frame harms nobody', async () => {
    const connection = await connected()
    const { connector } = connection
    const texts = textsOf(connection)
    const line = (text: string) => `${JSON.stringify(inbound(text))}\n`
    const long = line('three 🐍')
    const echo = '{"type":"outbound","requestId":"r","action":{}}\n{"type":"hello"}\n{"type":"inbound_ack"}\n'
    const strange = [
      '\n \n',
      '{"type":"inbound"\n',
      '[1]\n7\nnull\n"text"\n',
      '{"type":"new"}\n',
      '{}\n',
      echo,
    ]

    await connector.ask('send_raw', { connection: 1, messages: [line('one') + line('two')] })
    await connector.ask('send_raw', {
      connection: 1,
      messages: [long.slice(0, 9), long.slice(9, 30), long.slice(30)],
    })
    await connector.ask('send_raw', { connection: 1, messages: strange })
    await connector.ask('send_raw', {
      connection: 1,
      messages: ['{"type":"inbound"}\n{"type":"inbound","event":7}\n'],
    })
    await connector.ask('send_pieces', { connection: 1, text: line('four'), pieces: 5 })

    await eventually(() => texts.length === 4)
    expect(texts).toEqual(['one', 'two', 'three 🐍', 'four'])
    await eventually(() => connector.ask<number>('pongs', { connection: 1 }))
    expect(await connector.all('ended')).toEqual([])
  })
})
