import { describe, expect, test } from 'vitest'
import { bothGrounds, discord, openPlane, telegram } from './support/plane.js'
import { mintToken } from './support/token.js'

const info = (chat_id: string) => ({ op: 'get_chat_info', chat_id })

async function openWithGateway(options: Parameters<typeof openPlane>[0] = {}) {
  const plane = await openPlane(options)
  const gateway = await plane.enrol('org-a', 'a', { people: ['ana'] })
  return { plane, gateway }
}

describe('the link', () => {
  // proves: relay.f4, relay.p2
  test('completes the upgrade of whoever is refused, and says why in the code', async () => {
    const { plane, gateway } = await openWithGateway()
    const now = Math.floor(plane.clock.now() / 1_000)
    const refusals = [
      [undefined, 'unauthorized'],
      ['', 'unauthorized'],
      ['nonsense', 'unauthorized'],
      [mintToken({ ...gateway, gatewayId: 'nobody', exp: now + 300 }), 'unauthorized'],
      [mintToken({ ...gateway, secret: 'x', exp: now - 1 }), 'unauthorized'],
      [mintToken({ ...gateway, exp: now - 1 }), 'expired'],
    ] as const
    for (const [token, reason] of refusals) {
      const peer = await plane.dial(undefined, token)
      expect(await peer.closedWith()).toEqual({ code: 4401, reason })
      expect(peer.texts).toEqual([])
    }
  })

  // proves: relay.f5
  test('takes frames in any number of messages', async () => {
    const { plane, gateway } = await openWithGateway()
    const peer = await plane.dial(gateway)
    const text = [
      { type: 'hello', ...discord },
      { type: 'nothing of the kind' },
      ...['1', '2', '3'].map((requestId) => ({
        type: 'outbound',
        requestId,
        action: { op: 'é'.repeat(20) },
      })),
    ]
      .map((frame) => JSON.stringify(frame))
      .join('\n\n  \nnot json\n')
    for (let at = 0; at < text.length; at += 7) peer.sendText(text.slice(at, at + 7))
    peer.sendText('\n')
    const results = await peer.got('outbound_result', 3)
    expect(results.map(({ requestId }) => requestId)).toEqual(['1', '2', '3'])
  })

  // proves: relay.f6, relay.p5, relay.p12, relay.f7
  test('answers each hello that may be with a whole descriptor, in order', async () => {
    const { plane, gateway } = await openWithGateway()
    await plane.operator.addBot({}, { driver: 'sim', platform: 'slack', botId: 'S1', tenants: ['org-b'] })
    const peer = await plane.dial(gateway)
    // Before the first hello nothing else is heard, and nothing is sent.
    peer.send({ type: 'outbound', requestId: 'early', action: info('x') }, { type: 'going_idle' })
    await plane.sim().say({ userId: 'ana', chatId: 'direct-ana', chatType: 'dm', text: 'early' })
    await peer.read()
    expect(peer.texts).toEqual([])
    peer.send({ type: 'hello', ...telegram }, { type: 'hello', platform: 'slack', botId: 'S1' })
    peer.send({ type: 'hello', platform: 'discord', botId: 'nobody' }, { type: 'hello', ...discord })
    peer.send({ type: 'hello', ...telegram })
    const descriptors = (await peer.got('descriptor', 3)).map(({ descriptor }) => descriptor)
    await peer.got('inbound')

    expect(descriptors.map(({ platform }) => platform)).toEqual(['telegram', 'discord', 'telegram'])
    expect(peer.frames.findIndex(({ type }) => type === 'inbound')).toBe(3)
    expect(descriptors[2]).toEqual(descriptors[0])
    for (const descriptor of descriptors) {
      expect(descriptor).toMatchObject({
        contract_version: 1,
        platform: expect.any(String),
        label: expect.any(String),
        max_message_length: expect.any(Number),
        supports_draft_streaming: expect.any(Boolean),
        supports_edit: expect.any(Boolean),
        supports_threads: expect.any(Boolean),
        markdown_dialect: expect.any(String),
        len_unit: expect.stringMatching(/^(chars|utf16)$/),
      })
      expect(descriptor.max_message_length).toBeGreaterThan(0)
      expect(descriptor.supported_ops).toEqual(
        expect.arrayContaining(['send', 'edit', 'typing', 'follow_up']),
      )
    }
    for (const text of peer.texts) {
      expect(text).toMatch(/^\{.*\}\n$/)
      expect(text.trimEnd()).not.toContain('\n')
    }
  })

  // proves: relay.f6
  test('takes a gateway without a platform for its tenant’s only identity', async () => {
    const plane = await openPlane({ bots: [telegram] })
    const gateway = await plane.enrol('org-a', 'a')
    const [{ descriptor }] = await (await plane.dial(gateway)).hello({ platform: 'relay', botId: '' })
    expect(descriptor.platform).toBe('telegram')

    const both = await openPlane()
    const peer = await both.dial(await both.enrol('org-a', 'a'))
    peer.send({ type: 'hello', platform: 'relay', botId: '' })
    expect(await peer.closedWith()).toEqual({ code: 4403, reason: 'identity_not_provisioned' })
  })

  // proves: relay.f6
  test('waits half a minute for a hello', async () => {
    const { plane, gateway } = await openWithGateway()
    const peer = await plane.dial(gateway)
    await peer.read()
    await plane.clock.advance(29_999)
    await peer.read()
    await plane.clock.advance(1)
    expect((await peer.closedWith()).code).toBe(4408)
  })

  // proves: relay.p13, relay.f12
  test('sends what names no platform by the default, and nothing by what was not said hello for', async () => {
    const { plane, gateway } = await openWithGateway()
    const peer = await plane.greet(gateway, telegram, discord)
    for (const bot of [telegram, discord])
      await plane.sim(bot).say({ userId: 'ana', chatId: 'chat', chatType: 'dm', text: bot.platform })
    await peer.got('inbound', 2)
    const send = (content: string) => ({ op: 'send', chat_id: 'chat', content })
    await plane.ask(peer, send('by default'))
    await plane.ask(peer, send('by platform'), { platform: 'discord' })
    await plane.ask(peer, send('by both'), discord)
    expect(await peer.ask(info('chat'))).toMatchObject({ success: true, chat_info: { type: 'dm' } })
    const said = (bot: typeof discord) =>
      plane
        .sim(bot)
        .messages('chat')
        .filter(({ userId }) => userId === null)
        .map(({ text }) => text)

    expect([said(telegram), said(discord)]).toEqual([['by default'], ['by platform', 'by both']])
    for (const target of [
      { platform: 'slack' },
      { platform: 'telegram', botId: discord.botId },
      { botId: '' },
    ])
      expect(await peer.ask(send('never'), target)).toEqual({
        success: false,
        error: 'target is not advertised on this connection',
      })
  })

  // proves: relay.f8
  test('answers a hundred at once, each with its own, and a request that comes again as before', async () => {
    const { plane, gateway } = await openWithGateway()
    const peer = await plane.greet(gateway)
    const chats = Array.from({ length: 100 }, (_, n) => `C${n}`)
    for (const chatId of chats) await plane.sim().say({ userId: 'ana', chatId, scopeId: 'G1', text: 'hi' })
    await peer.got('inbound', 100)
    const frames = chats.map((chat_id, n) => ({
      type: 'outbound',
      requestId: `r${n}`,
      action: n % 3 === 0 ? info(chat_id) : { op: 'send', chat_id, content: `to ${chat_id}` },
    }))
    peer.send(...frames)
    await plane.passing(() => peer.of('outbound_result').length === 100)
    const results = new Map(peer.of('outbound_result').map(({ requestId, result }) => [requestId, result]))
    expect(results.size).toBe(100)
    for (const [n, chatId] of chats.entries()) {
      const result = results.get(`r${n}`)
      if (n % 3 === 0) expect(result.chat_info.name).toBe(chatId)
      else
        expect(plane.sim().messages(chatId).at(-1)).toMatchObject({
          id: result.message_id,
          text: `to ${chatId}`,
        })
    }
    peer.send(...frames)
    await peer.got('outbound_result', 200)
    expect(
      new Map(
        peer
          .of('outbound_result')
          .slice(100)
          .map(({ requestId, result }) => [requestId, result]),
      ),
    ).toEqual(results)
    for (const chatId of chats) expect(plane.sim().messages(chatId).length).toBeLessThanOrEqual(2)
  })

  // proves: relay.f9
  test('tells what may have been done from what was not', async () => {
    const { plane, gateway } = await openWithGateway()
    const peer = await plane.greet(gateway)
    await plane.sim().say({ userId: 'ana', chatId: 'chat', chatType: 'dm', text: 'hi' })
    await peer.got('inbound')
    const send = { op: 'send', chat_id: 'chat', content: 'x' }
    plane.sim().faults({ ambiguousShare: 1 })
    const unsure = await plane.ask(peer, send)
    expect(unsure).toMatchObject({ success: false, ambiguous: true })
    plane.sim().faults({ ambiguousShare: 0, outage: true })
    const late = await plane.ask(peer, send)
    plane.sim().faults({ outage: false })

    expect(late.success).toBe(false)
    expect(await peer.ask({ op: 'send', chat_id: 'nowhere', content: 'x' })).not.toHaveProperty('ambiguous')
    // It was done, once; nobody sends it again by itself.
    await plane.clock.advance(60_000)
    const [receipt] = (await plane.operator.listReceipts({}, { state: 'parked' })).receipts
    expect(receipt).toMatchObject({ op: 'send', state: 'parked' })
  })

  // proves: relay.p22
  test('of a store that is away tells nobody that they were revoked', async () => {
    const [, postgres] = bothGrounds
    const { plane, gateway } = await openWithGateway(postgres && { on: postgres })
    const token = plane.tokenOf(gateway)
    // The connections are gone before anybody has stopped the connector.
    await plane.ground.db.close()
    for (let n = 0; n < 3; n++) {
      const peer = await plane.dial(gateway, token)
      expect((await peer.closedWith()).code).toBe(1013)
    }
    const answer = await plane.call('/relay/policy', { platform: 'discord' }, { token })
    expect([500, 503]).toContain(answer.status)
    expect(JSON.stringify(answer.body)).not.toMatch(/unauthorized|revoked/)
  })
})
