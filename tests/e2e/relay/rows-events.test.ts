import { randomBytes } from 'node:crypto'
import { buildSessionKey, decodePassthrough, interactionToMessage } from '@parley/relay/protocol'
import { describe, expect, test } from 'vitest'
import { discord, openPlane, type Plane, telegram } from './support/plane.js'

async function openWithGateway(options: Parameters<typeof openPlane>[0] = {}) {
  const plane = await openPlane(options)
  const gateway = await plane.enrol('org-a', 'a', { people: ['ana'] })
  const peer = await plane.greet(gateway, discord, telegram)
  peer.isAcking = true
  return { plane, gateway, peer }
}

const channel = (plane: Plane, id: string, scopeId: string, name = 'ops') =>
  plane.sim().addChat({ id, type: 'group', name, scopeId, parentId: null, members: null })

describe('an event', () => {
  // proves: relay.f11, relay.p6, relay.p7, relay.p8, relay.p9, relay.f10
  test('names its place as the contract says: ids are texts, channels groups, threads themselves, scopes both names', async () => {
    const { plane, peer } = await openWithGateway()
    const sim = plane.sim()
    for (const scope of ['9900000000000000001', '9900000000000000002'])
      await sim.addScope({ id: scope, name: 'Guild', members: ['ana'] })
    await channel(plane, '1180000000000000777', '9900000000000000001')
    await channel(plane, '1180000000000000778', '9900000000000000002')
    await sim.addChat({
      id: '1180000000000000900',
      type: 'thread',
      name: 'plans',
      scopeId: '9900000000000000001',
      parentId: '1180000000000000777',
      members: null,
    })
    for (const chatId of ['1180000000000000777', '1180000000000000778', '1180000000000000900'])
      await sim.say({ userId: 'ana', chatId, text: '/new now' })
    await sim.say({ userId: 'ana', chatId: '770000000000000001', chatType: 'dm', text: 'hi' })
    await plane.sim(telegram).say({ userId: 'ana', chatId: '-100200', chatType: 'group', text: 'hi' })
    const events = (await peer.got('inbound', 5)).map(({ event }) => event)

    expect(
      events.map(({ source }) => [
        source.chat_type,
        source.chat_id,
        source.thread_id,
        source.parent_chat_id,
        source.scope_id,
        source.guild_id,
      ]),
    ).toEqual([
      ['group', '1180000000000000777', null, undefined, '9900000000000000001', '9900000000000000001'],
      ['group', '1180000000000000778', null, undefined, '9900000000000000002', '9900000000000000002'],
      [
        'thread',
        '1180000000000000900',
        '1180000000000000900',
        '1180000000000000777',
        '9900000000000000001',
        '9900000000000000001',
      ],
      ['dm', '770000000000000001', null, undefined, undefined, undefined],
      ['group', '-100200', null, undefined, undefined, undefined],
    ])
    expect(events.map(({ source }) => buildSessionKey(source))).toEqual([
      'agent:main:discord:group:1180000000000000777:ana',
      'agent:main:discord:group:1180000000000000778:ana',
      'agent:main:discord:thread:1180000000000000900:1180000000000000900',
      'agent:main:discord:dm:770000000000000001',
      'agent:main:telegram:group:-100200:ana',
    ])
    for (const { source, message_type, message_id, text } of events) {
      for (const key of [
        'platform',
        'chat_id',
        'chat_type',
        'chat_name',
        'user_id',
        'user_name',
        'thread_id',
        'chat_topic',
      ])
        expect(source).toHaveProperty(key)
      for (const [key, value] of Object.entries(source))
        if (/(^|_)id(_|$)/.test(key) && value !== null) expect(typeof value, key).toBe('string')
      expect(source).not.toHaveProperty('delivered_via_upstream_relay')
      expect(source).not.toHaveProperty('prospective_thread_id')
      expect([source.is_bot, source.message_is_edit]).toEqual([false, false])
      expect(message_id).toBe(source.message_id)
      expect(message_type).toBe(text.startsWith('/') ? 'command' : 'text')
    }
  })

  // proves: relay.p11, relay.f28
  test('with a picture is a photo, and the file is to be had from the connector', async () => {
    const { plane, gateway, peer } = await openWithGateway()
    const bytes = randomBytes(3_000)
    await plane.sim().say({
      userId: 'ana',
      chatId: 'direct-ana',
      chatType: 'dm',
      text: 'look',
      media: [{ filename: 'log.png', mime: 'image/png', bytes }],
    })
    const [{ event }] = await peer.got('inbound')
    const [url] = event.media_urls

    expect(event.message_type).toBe('photo')
    expect(event.media).toMatchObject([
      { url, kind: 'image', mime: 'image/png', size: 3_000, filename: 'log.png' },
    ])
    expect(url).toMatch(new RegExp(`^${plane.origin}/relay/media/[0-9a-f]{32}$`))
    const answer = await fetch(url, { headers: { authorization: `Bearer ${plane.tokenOf(gateway)}` } })
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
    expect((await fetch(url)).status).toBe(401)
  })

  // proves: relay.p4
  test('is never larger than a gateway takes, whatever was written', async () => {
    const { plane, peer } = await openWithGateway()
    await channel(plane, 'C1', 'G1')
    const texts = ['\u0001', '"', '€', '😀', '\\', '\n'].map((one) =>
      one.repeat(Math.floor(65_536 / one.length)),
    )
    for (const text of texts) await plane.sim().say({ userId: 'ana', chatId: 'C1', text })
    await peer.got('inbound', texts.length)
    expect(peer.heard).toEqual(texts)
    for (const text of peer.texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(524_288)
  })

  // proves: relay.f11
  test('quotes what it answers', async () => {
    const { plane, peer } = await openWithGateway()
    await channel(plane, 'C1', 'G1')
    await plane.sim().say({ userId: 'ana', chatId: 'C1', text: 'first' })
    const sent = await peer.ask({ op: 'send', chat_id: 'C1', content: 'Deploy 81 failed' })
    await plane.sim().say({ userId: 'ana', chatId: 'C1', text: 'why?', replyTo: sent.message_id })
    const { event } = (await peer.got('inbound', 2))[1]!
    expect([event.reply_to_message_id, event.reply_to]).toEqual([
      sent.message_id,
      { text: 'Deploy 81 failed', is_own: true },
    ])
  })
})

describe('an interaction', () => {
  // proves: relay.f15, relay.f16
  test('is passed on byte for byte without its token, and its session is what a follow-up names', async () => {
    const { plane, peer } = await openWithGateway()
    await channel(plane, 'C1', 'G1')
    await plane.sim().say({ userId: 'ana', chatId: 'C1', text: 'hi' })
    await plane.sim().command({
      userId: 'ana',
      chatId: 'C1',
      name: 'model',
      options: [{ name: 'name', value: 'gpt-x' }],
    })
    const [frame] = await peer.got('passthrough_forward')
    const forward = decodePassthrough(frame.forward)
    const body = JSON.parse(Buffer.from(forward.body).toString())

    expect(frame.bufferId).toEqual(expect.any(String))
    expect(frame.forward).toMatchObject({
      ...discord,
      method: 'POST',
      path: `/interactions/discord/${discord.botId}`,
    })
    expect(forward.headers).toEqual([['content-type', 'application/json']])
    expect(Buffer.from(forward.body).toString('base64')).toBe(frame.forward.bodyB64)
    expect([body.type, body.token, body.data.name]).toEqual([2, undefined, 'model'])
    const event = interactionToMessage(forward)!
    expect([event.text, event.message_type]).toEqual(['/model gpt-x', 'command'])
    const followUp = {
      op: 'follow_up',
      session_key: buildSessionKey(event.source),
      kind: 'discord.interaction_token',
      content: 'Done.',
    }
    const [first, second] = [
      await plane.ask(peer, followUp),
      await plane.ask(peer, { ...followUp, content: 'And more.' }),
    ]
    const own = plane
      .sim()
      .messages('C1')
      .filter(({ userId }) => userId === null)
    // The first one takes the place of what was shown meanwhile.
    expect(own.map(({ id, text }) => [id, text])).toEqual([
      [first.message_id, 'Done.'],
      [second.message_id, 'And more.'],
    ])
    await plane.clock.advance(870_000)
    expect(await plane.ask(peer, followUp)).toEqual({ success: false, error: 'capability unavailable' })
  })

  // proves: relay.p17
  test('of which the bytes are garbage has none', () => {
    const wire = { ...discord, method: 'POST', path: '/', headers: [] }
    for (const bodyB64 of [
      '!!!!',
      'eyJ0',
      'eyJ0eXBl*',
      'eyJ0eXBlIjoyfQ',
      'eyJ0eXBlIjoyfQ=',
      '-_-_',
      'eyJ0 eXBl',
      7,
      null,
    ]) {
      const decoded = decodePassthrough({ ...wire, bodyB64 })
      const isGood = bodyB64 === 'eyJ0'
      expect(decoded.body.length, String(bodyB64)).toBe(isGood ? 3 : 0)
      expect(interactionToMessage(decoded)).toBeUndefined()
    }
    // What Node makes of it by itself.
    expect(Buffer.from('eyJ0eXBl*', 'base64').length).toBeGreaterThan(0)
  })
})
