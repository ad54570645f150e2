import { defineGateway } from '@parley/relay/gateway'
import { eventually } from '@parley/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listen } from './support/listener.js'
import { discord, openPlane, telegram } from './support/plane.js'

async function openInChat(options: Parameters<typeof openPlane>[0] = {}) {
  const plane = await openPlane(options)
  const gateway = await plane.enrol('org-a', 'a', { people: ['ana'] })
  const peer = await plane.greet(gateway, discord, telegram)
  peer.isAcking = true
  const sim = plane.sim()
  await sim.addScope({ id: 'G1', name: 'Guild', members: ['ana'] })
  await sim.addChat({ id: 'C1', type: 'group', name: 'ops', scopeId: 'G1', parentId: null, members: null })
  const written = await sim.say({ userId: 'ana', chatId: 'C1', text: 'hi' })
  await peer.got('inbound')
  const ask = (action: object, target = {}) => plane.ask(peer, { chat_id: 'C1', ...action }, target)
  const last = (chatId = 'C1') => sim.messages(chatId).at(-1)!
  return { plane, gateway, peer, sim, ask, last, written }
}

describe('an op', () => {
  // proves: relay.f12
  test('does what it says', async () => {
    const file = await listen()
    const { plane, sim, ask, last, written } = await openInChat({ allowPrivateAddresses: ['127.0.0.1'] })

    const sent = await ask({
      op: 'send',
      content: 'one',
      reply_to: written.id,
      metadata: { scope_id: 'G1', user_id: 'ana' },
    })
    expect([sent, last()]).toMatchObject([
      { success: true, message_id: last().id },
      { text: 'one', replyTo: written.id },
    ])
    const own = { message_id: sent.message_id }
    expect(await ask({ op: 'edit', ...own, content: 'two', metadata: {} })).toMatchObject({
      success: true,
      ...own,
    })
    expect(last()).toMatchObject({ text: 'two', isEdited: true })
    const react = { op: 'react', message_id: written.id, emoji: '👀' }
    for (let twice = 0; twice < 2; twice++)
      expect(await ask({ ...react, remove: false })).toEqual({ success: true })
    expect(sim.messages('C1')[0]!.reactions).toHaveLength(1)
    await plane.pass(10_000)
    for (let twice = 0; twice < 2; twice++)
      expect(await ask({ ...react, remove: true })).toEqual({ success: true })
    await eventually(() => sim.messages('C1')[0]!.reactions.length === 0)
    expect(await ask({ op: 'get_chat_info' })).toMatchObject({ chat_info: { name: 'ops', type: 'group' } })
    const media = { op: 'send_media', media_kind: 'document', content: 'see', filename: 'log.txt' }
    expect(await ask({ ...media, source_url: `${file.origin}/x.bin` })).toMatchObject({ success: true })
    expect(last()).toMatchObject({ text: 'see', media: [{ filename: 'log.txt', size: 4 }] })
    const made = await ask({ op: 'thread_create', thread_name: '  the   plan ' })
    expect(sim.chats.find(({ id }) => id === made.thread_id)).toMatchObject({
      name: 'the plan',
      parentId: 'C1',
    })
    const rename = (thread_name: string, more = {}) =>
      ask({ op: 'thread_rename', message_id: made.thread_id, thread_name, ...more })
    expect(await rename('next', { only_if_current_name: 'another' })).toMatchObject({ success: false })
    expect(await rename('next', { only_if_connector_created: true })).toMatchObject({ success: true })
    expect(await rename('x'.repeat(300), { only_if_current_name: 'next' })).toMatchObject({ success: true })
    expect(sim.chats.find(({ id }) => id === made.thread_id)!.name).toHaveLength(100)
    expect(await ask({ op: 'send', chat_id: made.thread_id, content: 'inside' })).toMatchObject({
      success: true,
    })
    expect(await ask({ op: 'delete', ...own })).toMatchObject({ success: true })
    expect(sim.messages('C1').find(({ id }) => id === own.message_id)).toMatchObject({ isDeleted: true })
    // What is gone is not replied to; the text is sent all the same.
    expect(await ask({ op: 'send', content: 'three', reply_to: own.message_id })).toMatchObject({
      success: true,
    })
    expect(last()).toMatchObject({ text: 'three', replyTo: null })
    expect(await ask({ op: 'draft', draft_id: 1, content: 'x', final: true })).toEqual({
      success: false,
      error: 'unsupported op: draft',
    })
    expect(plane.faults).toEqual([])
  })

  // proves: relay.p18
  test('typing shows for a while, and typing nothing is nothing', async () => {
    const { plane, sim, ask } = await openInChat()
    expect(await ask({ op: 'typing', content: '' })).toEqual({ success: true })
    expect(sim.typing()).toEqual([])
    expect(await ask({ op: 'typing' })).toEqual({ success: true })
    await plane.passing(() => sim.typing().length === 1, 1)
    expect(await ask({ op: 'typing', content: '' })).toEqual({ success: true })
    expect(sim.typing().length).toBeLessThanOrEqual(1)
    await plane.pass(5_000)
    expect(sim.typing()).toEqual([])
  })

  // proves: relay.p16
  test('counts lengths as the platform does: code points on one, UTF-16 on the other', async () => {
    const { plane, sim, ask, last } = await openInChat()
    await plane.sim(telegram).say({ userId: 'ana', chatId: 'T1', chatType: 'dm', text: 'hi' })
    const send = async (content: string, chat_id: string, target: object) => {
      const before = plane.sim(target as typeof discord).messages(chat_id).length
      expect(await ask({ op: 'send', chat_id, content }, target)).toMatchObject({ success: true })
      return plane
        .sim(target as typeof discord)
        .messages(chat_id)
        .slice(before)
        .map(({ text }) => text)
    }
    expect(await send('😀'.repeat(2_000), 'C1', discord)).toEqual(['😀'.repeat(2_000)])
    const parts = await send(`${'😀'.repeat(2_001)}`, 'C1', discord)
    expect(parts.map((text) => Array.from(text).length)).toEqual([2_000, 1])
    expect(parts.join('')).toBe('😀'.repeat(2_001))
    expect(await send('😀'.repeat(2_048), 'T1', telegram)).toHaveLength(1)
    const onTelegram = await send('😀'.repeat(2_049), 'T1', telegram)
    expect(onTelegram.length).toBeGreaterThan(1)
    for (const text of onTelegram) expect(text.length).toBeLessThanOrEqual(4_096)
    expect(onTelegram.join('')).toBe('😀'.repeat(2_049))
    // The id of the first part is answered.
    const { message_id } = await ask({ op: 'send', content: 'x'.repeat(4_500) })
    expect(sim.messages('C1').findIndex(({ id }) => id === message_id)).toBe(sim.messages('C1').length - 3)
    expect(last().text).toHaveLength(500)
  })

  // proves: relay.f13
  test('asks with what a platform has, and refuses ids that no button could carry', async () => {
    const { ask, last } = await openInChat()
    const prompt = (prompt_id: string, options: { id: string; label: string }[]) =>
      ask({ op: 'prompt', prompt_kind: 'choice', prompt_id, content: 'Which?', options })
    const one = (id: string) => [{ id, label: 'One' }]
    expect(await prompt('p'.repeat(32), one('o'.repeat(27)))).toMatchObject({ success: true })
    expect(last().options).toMatchObject([{ token: `hp1:${'p'.repeat(32)}:${'o'.repeat(27)}` }])
    const before = last().id
    for (const [promptId, optionId] of [
      ['p'.repeat(32), 'o'.repeat(28)],
      ['p'.repeat(33), 'o'],
      ['p:q', 'o'],
      ['', 'o'],
      ['p', ''],
      ['p', 'a b'],
      ['p', 'ü'],
    ] as const)
      expect((await prompt(promptId, one(optionId))).success).toBe(false)
    expect(last().id).toBe(before)
  })
})

describe('what names a place', () => {
  // proves: relay.p14
  test('is enough with its author alone, where the chat was never heard and its scope is nobody’s', async () => {
    const { plane, peer, sim } = await openInChat()
    await sim.addChat({
      id: 'direct-ana',
      type: 'dm',
      name: 'ana',
      scopeId: null,
      parentId: null,
      members: ['ana'],
    })
    const send = (metadata: object) => peer.ask({ op: 'send', chat_id: 'direct-ana', content: 'x', metadata })
    expect(await send({})).toMatchObject({ code: 'egress_declined' })
    expect(await send({ scope_id: 'G-joined-later' })).toMatchObject({ code: 'egress_declined' })
    expect(await send({ scope_id: 'G-joined-later', user_id: 'eve' })).toMatchObject({
      code: 'egress_declined',
    })
    expect(await send({ scope_id: 'G-joined-later', user_id: 'ana' })).toMatchObject({ success: true })
    expect(plane.faults).toEqual([])
  })

  // proves: relay.p14, relay.p15, relay.f8
  test('stands in every reply of our own gateway, whose handler may wait for what it sends', async () => {
    const plane = await openPlane()
    const credential = await plane.enrol('org-a', 'a', { people: ['ana'] })
    const sent: object[] = []
    const gateway = defineGateway({
      ...credential,
      url: plane.origin,
      identities: [discord],
      clock: plane.clock,
      onMessage: async (message, chat) => {
        sent.push([message.text, await chat.info(), await chat.reply(`you said ${message.text}`)])
      },
    })
    onTestFinished(async () => gateway.stop({ graceMs: 0 }))
    expect(await gateway.start()).toBe(true)
    for (const text of ['one', 'two', 'three'])
      await plane.sim().say({ userId: 'ana', chatId: 'C1', scopeId: 'G-joined-later', text })
    await plane.passing(() => sent.length === 3, 250)

    expect(sent.map((one) => JSON.parse(JSON.stringify(one)))).toMatchObject(
      ['one', 'two', 'three'].map((text) => [text, { type: 'group' }, { success: true }]),
    )
    const { receipts } = await plane.operator.listReceipts({}, {})
    expect(receipts.length).toBeGreaterThanOrEqual(3)
    const texts = plane
      .sim()
      .messages('C1')
      .map(({ text }) => text)
    expect(texts.filter((text) => text.startsWith('you said'))).toEqual([
      'you said one',
      'you said two',
      'you said three',
    ])
  })
})
