import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { discord, openPlane } from '../support/plane.js'

const mib = 1_048_576

/** A hostile gateway of B, and one of A that must not notice. */
async function openBoth() {
  const plane = await openPlane()
  const a = await plane.enrol('org-a', 'a', { people: ['ana'] })
  const b = await plane.enrol('org-b', 'b', { people: ['ben'] })
  const calm = await plane.greet(a)
  const hostile = await plane.greet(b)
  await plane.sim().say({ userId: 'ben', chatId: 'direct-ben', chatType: 'dm', text: 'hi' })
  await hostile.got('inbound')
  let rounds = 0
  /** A is served as if nothing was. */
  const unaffected = async () => {
    await plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: `round ${++rounds}` })
    const frames = await calm.got('inbound', rounds)
    expect(frames.at(-1)!.event.text).toBe(`round ${rounds}`)
    calm.ack(frames.at(-1)!.bufferId)
    expect(await calm.ask({ op: 'get_chat_info', chat_id: 'direct-ana' })).toMatchObject({ success: true })
    expect(calm.closed).toBeUndefined()
    expect(plane.faults).toEqual([])
  }
  return { plane, a, b, calm, hostile, unaffected }
}

const nested = (depth: number, open = '[', close = ']') => `${open.repeat(depth)}${close.repeat(depth)}`

describe('what is no frame', () => {
  // proves: relay.s17, relay.f5
  test('is passed over, and the socket goes on', async () => {
    const { hostile, unaffected } = await openBoth()
    const lines = [
      '',
      ' ',
      'null',
      'true',
      '7',
      '"text"',
      '[]',
      '[{"type":"going_idle"}]',
      '{',
      '{}',
      '{"type":null}',
      '{"type":7}',
      '{"type":{"a":1}}',
      '{"type":"nothing of the kind"}',
      '{"type":"__proto__"}',
      '{"__proto__":{"type":"going_idle"}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"type":"hello"}',
      '{"type":"hello","platform":7,"botId":[]}',
      `{"type":"hello","platform":"${'x'.repeat(10_000)}","botId":""}`,
      '{"type":"outbound"}',
      '{"type":"outbound","requestId":7,"action":{}}',
      '{"type":"inbound_ack"}',
      '{"type":"inbound_ack","bufferId":{}}',
      '{"type":"interrupt"}',
      '{"type":"interrupt","session_key":7}',
      '{"type":"descriptor","descriptor":{}}',
      '{"type":"inbound","event":{}}',
      '{"type":"going_idle_ack"}',
      'not json',
      '\u0000\u0001',
      '{"type":"going_idle"',
      `{"type":"outbound","requestId":"deep","action":${nested(100_000)}}`,
      `{"type":"outbound","requestId":"deeper","action":${nested(50_000, '{"a":', '}').replace('{}', '{"a":1}')}}`,
      nested(500_000),
    ]
    for (const line of lines) hostile.sendText(`${line}\n`)
    hostile.sendText(lines.filter(({ length }) => length < 20_000).join('\n'))
    hostile.sendText('\n')
    await hostile.read()

    expect(await hostile.ask({ op: 'get_chat_info', chat_id: 'direct-ben' })).toMatchObject({ success: true })
    expect(hostile.closed).toBeUndefined()
    expect(hostile.of('going_idle_ack')).toEqual([])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    await unaffected()
  })

  // proves: relay.s17, relay.f12
  test('is a wrong action: it is answered, and says which member', async () => {
    const { hostile, unaffected } = await openBoth()
    const send = { op: 'send', chat_id: 'direct-ben', content: 'x' }
    for (const [action, error] of [
      [undefined, 'invalid action: op'],
      [null, 'invalid action: op'],
      [[], 'invalid action: op'],
      ['send', 'invalid action: op'],
      [{ op: 7 }, 'invalid action: op'],
      [{ op: '__proto__' }, 'unsupported op: __proto__'],
      [{ op: 'constructor' }, 'unsupported op: constructor'],
      [{ op: 'x'.repeat(10_000) }, `unsupported op: ${'x'.repeat(64)}`],
      [{ ...send, chat_id: 7 }, 'invalid action: chat_id'],
      [{ ...send, chat_id: '' }, 'invalid action: chat_id'],
      [{ ...send, chat_id: 'x'.repeat(100_000) }, 'invalid action: chat_id'],
      [{ ...send, content: { toString: 'x' } }, 'invalid action: content'],
      [{ ...send, content: 'x'.repeat(500_000) }, 'invalid action: content'],
      [{ ...send, metadata: [] }, 'invalid action: metadata'],
      [{ ...send, reply_to: 7 }, 'invalid action: reply_to'],
      [{ op: 'prompt', chat_id: 'direct-ben' }, 'invalid action: prompt_kind'],
    ] as const)
      expect(await hostile.ask(action), JSON.stringify(action)?.slice(0, 80)).toEqual({
        success: false,
        error,
      })
    await unaffected()
  })
})

describe('too much', () => {
  // proves: relay.s17, relay.p4
  test('in one message is closed with 1009', async () => {
    const { hostile, unaffected } = await openBoth()
    hostile.sendText(`{"type":"outbound","requestId":"${'x'.repeat(mib)}"}\n`)
    expect((await hostile.closedWith()).code).toBe(1009)
    await unaffected()
  })

  // proves: relay.s17
  test('in one line of any number of messages is closed with 1009, and no more of it is kept', async () => {
    const { plane, b, unaffected } = await openBoth()
    const piece = 'x'.repeat(64 * 1_024)
    for (let round = 0; round < 5; round++) {
      const peer = await plane.dial(b)
      await peer.hello(discord)
      peer.sendText('{"type":"outbound","requestId":"')
      for (let n = 0; n < 1_024 && !peer.closed; n++) {
        peer.sendText(piece)
        if (n % 16 === 15) await new Promise((resolve) => setImmediate(resolve))
      }
      expect((await peer.closedWith()).code).toBe(1009)
    }
    await unaffected()
  })

  // proves: relay.s17
  test('of a line that is just as long as it may be is read', async () => {
    const { hostile, unaffected } = await openBoth()
    const frame = (padding: string) => JSON.stringify({ type: 'nothing', padding })
    const line = frame('x'.repeat(mib - 2 - frame('').length))
    hostile.sendText(`${line}\n`)
    hostile.sendText(line.slice(0, mib / 2))
    hostile.sendText(`${line.slice(mib / 2)}\n`)
    expect(await hostile.ask({ op: 'get_chat_info', chat_id: 'direct-ben' })).toMatchObject({ success: true })
    await unaffected()
  })

  // proves: relay.s17
  test('in a short time waits, and others do not', async () => {
    const plane = await openPlane({ limits: { framesPerSecond: 200 } })
    const a = await plane.enrol('org-a', 'a', { people: ['ana'] })
    const [calm, hostile] = [
      await plane.greet(a),
      await plane.greet(await plane.enrol('org-b', 'b', { people: ['ben'] })),
    ]
    for (let n = 0; n < 5_000; n++)
      hostile.send({ type: 'outbound', requestId: `r${n}`, action: { op: 'nothing' } })
    await hostile.got('outbound_result', 190)
    await plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: 'still here' })
    await calm.got('inbound')
    expect(hostile.of('outbound_result').length).toBeLessThanOrEqual(200)
    await plane.clock.advance(1_000)
    await hostile.got('outbound_result', 390)
    expect(hostile.of('outbound_result').length).toBeLessThanOrEqual(400)
  })

  // proves: relay.s17
  test('of sockets is refused, those that are open stay', async () => {
    const { plane, b, hostile, unaffected } = await openBoth()
    const peers = await Promise.all(Array.from({ length: 12 }, () => plane.dial(b)))
    // Eight at once, of which one is open already.
    const closes = await eventually(() => {
      const closed = peers.flatMap((peer) => peer.closed ?? [])
      return closed.length === 5 && closed
    })
    expect(new Set(closes.map(({ code }) => code))).toEqual(new Set([1013]))
    await hostile.read()
    expect(hostile.closed).toBeUndefined()
    await unaffected()
  })
})

describe('what is no WebSocket', () => {
  // proves: relay.s17, relay.f1
  test('is refused, and nobody else is held up', async () => {
    const { plane, unaffected } = await openBoth()
    const { hostname, port } = new URL(plane.origin)
    const upgrade = (path: string) =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
    const say = (text: string | Buffer) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname)
        let answer = ''
        socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
        socket.on('error', () => undefined)
        socket.on('close', () => resolve(answer))
        socket.end(text)
      })
    for (const path of ['/', '/relay/', '/relay/x', '/Relay', '/ws', '/relay%2F', '//relay'])
      expect((await say(upgrade(path))).split('\r\n')[0], path).toBe('HTTP/1.1 400 Bad Request')
    expect(await say(upgrade('/relay').replace('Version: 13', 'Version: 7'))).toMatch(/^HTTP\/1.1 4/)
    await say(randomBytes(4_096))
    // The upgrade is taken, then comes what is no frame of WebSocket.
    expect(await say(Buffer.concat([Buffer.from(upgrade('/relay')), randomBytes(4_096)]))).toMatch(
      /^HTTP\/1.1 101/,
    )
    await unaffected()
  })

  // proves: relay.s17
  test('as a body is answered with a clear error', async () => {
    const { plane, b, unaffected } = await openBoth()
    const token = plane.tokenOf(b)
    for (const path of [
      '/relay/policy',
      '/manage/link',
      '/manage/scope',
      '/manage/principal',
      '/manage/dm-default',
      '/manage/wake',
    ])
      for (const body of [
        '',
        '{',
        '[]',
        'null',
        `{"platform":${nested(10_000)}}`,
        `{"platform":"${'x'.repeat(70_000)}"}`,
        '{"platform":7}',
      ]) {
        const { status, body: answer } = await plane.call(path, body, {
          token,
          headers: { 'content-type': 'application/json' },
        })
        expect([400, 413], `${path} ${body.slice(0, 20)}`).toContain(status)
        expect(Object.keys(answer)).toEqual(['error'])
      }
    await unaffected()
  })
})
