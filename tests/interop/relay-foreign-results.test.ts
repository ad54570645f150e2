// Our gateway client against a connector that was written from the contract alone: what became of what it asked for.
import type { OutboundAction, OutboundResult } from '@parley/relay/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import {
  type Connection,
  discord,
  type Ended,
  inbound,
  inTime,
  openConnected,
  openConnection,
  telegram,
} from './python/relay/connector.test.support.js'
import { hasPython } from './python/relay/installed.test.support.js'

const isInstalled = await hasPython()
let open: Connection

const send = (content: string): OutboundAction => ({
  op: 'send',
  chat_id: 'C1',
  content,
  reply_to: null,
  metadata: {},
})
/** The request, as the connector has it. */
const asked = (content: string) =>
  open.frame('outbound', ({ action }) => (action as { content: string }).content === content)

describe.skipIf(!isInstalled)('the result of what our gateway asks a foreign connector for', () => {
  beforeEach(async () => {
    open = await openConnected()
    await open.connector.ask('rule', { result: null })
  })
  afterEach(() => open.stop())

  // proves: relay.f8
  test('comes to whoever asked, in any order', async () => {
    const { connector, transport, frames } = open
    const contents = Array.from({ length: 100 }, (_, at) => `text ${at}`)
    const results = contents.map((content) => transport.sendOutbound(send(content)))
    await asked('text 99')
    // 37 and 100 have no factor in common: every request once, in no order that anybody would guess.
    const shuffled = (await frames('outbound')).map((_, at, all) => all[(at * 37) % 100]!)

    await connector.ask('answer', { connection: 1, requestId: 'nobody’s', result: { success: true } })
    for (const { requestId, action } of shuffled) {
      const result = { success: true, message_id: (action as { content: string }).content }
      await connector.ask('answer', { connection: 1, requestId, result })
    }

    expect(await Promise.all(results)).toEqual(contents.map((message_id) => ({ success: true, message_id })))
    expect(new Set((await frames('outbound')).map(({ requestId }) => requestId)).size).toBe(100)
  })

  // proves: relay.f9
  test('is ambiguous when none came in 30 s', async () => {
    const result = open.transport.sendOutbound(send('late'))
    await asked('late')
    await open.clock.advance(30_000)

    expect(await result).toEqual({ success: false, error: 'relay outbound timed out', ambiguous: true })
  })

  // proves: relay.f9
  test('is ambiguous when the client disconnects while it waits', async () => {
    const result = open.transport.sendOutbound(send('waiting'))
    await asked('waiting')
    await open.transport.disconnect({ graceMs: 0 })

    expect(await result).toMatchObject({ success: false, ambiguous: true })
    expect(await open.transport.sendOutbound(send('closed'))).toEqual({
      success: false,
      error: 'relay transport closed',
    })
  })

  test('is waited for when the client disconnects with grace', async () => {
    const result = open.transport.sendOutbound(send('waiting'))
    const { requestId } = await asked('waiting')
    const disconnected = open.transport.disconnect({ graceMs: 5_000 })
    await open.connector.ask('answer', {
      connection: 1,
      requestId,
      result: { success: true, message_id: 'm' },
    })

    await disconnected
    expect(await result).toEqual({ success: true, message_id: 'm' })
  })

  // proves: relay.f9
  test.each(['drop', 'close'])('is ambiguous when the connection is lost while it waits: %s', async (how) => {
    const result = open.transport.sendOutbound(send('lost'))
    await asked('lost')
    await open.connector.ask(how, { connection: 1, ...(how === 'close' && { code: 1011 }) })

    const error = 'relay transport connection lost'
    expect(await result).toEqual({ success: false, error, ambiguous: true })
  })

  // proves: relay.f9
  test('is definite when it could not be written', async () => {
    class Failing extends WebSocket {
      override send(data: never, ...rest: unknown[]): void {
        const written = rest.at(-1)
        const isAction = String(data).includes('"outbound"')
        if (isAction && typeof written === 'function') written(new Error('the line is dead'))
        else super.send(data, ...(rest as never[]))
      }
    }
    const failing = await openConnected({ WebSocket: Failing })
    const result = await failing.transport.sendOutbound(send('never'))
    await failing.stop()

    expect(result).toEqual({ success: false, error: expect.stringMatching(/^relay send failed: /) })
  })

  // proves: relay.f9
  test('is definite when there is no connection', async () => {
    await open.connector.ask('drop', { connection: 1 })
    await open.connector.heard<Ended>('ended')
    await inTime(open, () => open.transport.state.state !== 'connected')
    const fresh = await openConnection()

    const results = [await fresh.transport.sendOutbound(send('never'))]
    await fresh.stop()

    expect(results).toEqual([{ success: false, error: 'relay transport not connected' }])
  })

  // proves: relay.f9
  test.each([
    { success: false, error: 'platform timeout', ambiguous: true },
    { success: false, error: 'unsupported op: send' },
    { success: false, code: 'egress_declined', error: 'discord egress declined: target is not approved' },
    { success: true, message_id: '9', thread_id: 't', auto_thread_name: 'Deploy' },
  ])('is what the connector says: %o', async (given) => {
    const result = open.transport.sendOutbound(send('passed on'))
    const { requestId } = await asked('passed on')
    await open.connector.ask('answer', { connection: 1, requestId, result: given })

    expect(await result).toMatchObject(given)
  })

  test.each([
    ['no result', null],
    ['a text', 'done'],
    ['nothing in it', {}],
  ])('is a failure of some kind when it is malformed: %s', async (_, given) => {
    const result = open.transport.sendOutbound(send('odd'))
    const { requestId } = await asked('odd')
    await open.connector.ask('answer', { connection: 1, requestId, result: given })

    await inTime(open, () => {
      void result.then((one: OutboundResult) => settled.push(one))
      return settled.length > 0
    })
    expect(settled[0]).toMatchObject({ success: false })
  })
  const settled: OutboundResult[] = []
  beforeEach(() => void settled.splice(0))

  // proves: relay.p13
  test('is asked of the bot that saw the chat, else of the default one', async () => {
    const { connector, transport, frame, frames } = open
    await connector.ask('rule', { result: { success: true, name: 'ops', type: 'group' } })
    const event = inbound('hello', { chat_id: 'T1', bufferId: 'b-1' })
    const source = { ...event.event.source, platform: 'telegram' }
    transport.setInboundHandler(async () => {})
    await open.send({ ...event, event: { ...event.event, source } })
    await frame('inbound_ack')

    expect(await transport.getChatInfo('T1')).toMatchObject({ name: 'ops', type: 'group' })
    await transport.getChatInfo('never seen')
    const kind = 'discord.interaction_token'
    await transport.sendFollowUp({ op: 'follow_up', session_key: 'agent:main:x', kind, content: 'Done.' })
    const credential = { op: 'follow_up', session_key: 'k', kind, content: '', token: 'x' } as const
    await expect(transport.sendFollowUp(credential)).rejects.toThrow(/credential/)

    const [known, unknown, follow] = await frames('outbound')
    expect(known).toMatchObject({ ...telegram, action: { op: 'get_chat_info', chat_id: 'T1' } })
    expect(unknown!.platform ?? discord.platform).toBe(discord.platform)
    expect(follow).toMatchObject({ platform: 'discord' })
    expect(follow!.action).toEqual({
      op: 'follow_up',
      session_key: 'agent:main:x',
      kind,
      content: 'Done.',
      metadata: {},
    })
    expect(await frames('outbound')).toHaveLength(3)
  })

  test('of a chat that nobody knows has the defaults', async () => {
    await open.connector.ask('rule', { result: { success: false, error: 'nobody knows' } })

    expect(await open.transport.getChatInfo('C9')).toMatchObject({ name: 'C9', type: 'dm' })
  })
})
