import { describe, expect, test } from 'vitest'
import { discord, type Identity, openPlane, telegram } from '../support/plane.js'

const promptId = 'a1b2c3.0f3e9d77'
const ask = (chat_id: string) => ({
  op: 'prompt',
  chat_id,
  prompt_kind: 'approval',
  prompt_id: promptId,
  content: 'Run `make deploy`?',
  options: [
    { id: 'once', label: 'Approve once', style: 'success' },
    { id: 'deny', label: 'Deny', style: 'danger' },
  ],
})

/** A asks in a chat where ana (of A), cara (admitted by A), ben (of B) and eve (of nobody) are. */
async function openAsked(bot: Identity) {
  const plane = await openPlane({ bots: [bot] })
  const a = await plane.enrol('org-a', 'a', { people: ['ana'] })
  const b = await plane.enrol('org-b', 'b', { people: ['ben'] })
  const sim = plane.sim(bot)
  const scopeId = bot.platform === 'discord' ? 'G1' : null
  for (const id of ['ana', 'ben', 'cara', 'eve']) await sim.addUser({ id, name: id })
  if (scopeId) await sim.addScope({ id: scopeId, name: 'Guild', members: ['ana', 'ben', 'cara', 'eve'] })
  const members = scopeId ? null : ['ana', 'ben', 'cara', 'eve']
  await sim.addChat({ id: 'C1', type: 'group', name: 'ops', scopeId, parentId: null, members })
  const { platform } = bot
  const manage = async (path: string, body: object) =>
    expect((await plane.call(path, { platform, ...body }, { token: plane.tokenOf(a) })).status).toBe(200)
  await manage('/manage/scope', { scopeId: scopeId ?? 'C1', chatId: 'C1' })
  await manage('/manage/principal', { policy: 'allow-list', userIds: ['cara'] })
  const [peerA, peerB] = [await plane.greet(a, bot), await plane.greet(b, bot)]
  for (const peer of [peerA, peerB]) peer.isAcking = true
  await sim.say({ userId: 'ana', chatId: 'C1', text: 'from ana' })
  await sim.say({ userId: 'ben', chatId: 'C1', text: 'from ben' })
  await peerA.got('inbound')
  await peerB.got('inbound')
  const { message_id } = await peerA.ask(ask('C1'))
  const press = (userId: string, optionId: string) =>
    sim.press({ userId, chatId: 'C1', messageId: message_id, optionId })
  return { plane, sim, peerA, peerB, press, messageId: String(message_id) }
}

// proves: relay.s16, relay.f13
test('a press is of whoever pressed, and reaches who has asked, where presses come as messages', async () => {
  const { plane, peerA, peerB, press, messageId } = await openAsked(telegram)
  await press('eve', 'once')
  await press('ben', 'once')
  await press('cara', 'deny')
  await press('ana', 'once')
  const presses = (await peerA.got('inbound', 3)).slice(1).map(({ event }) => event)
  await Promise.all([peerA.read(), peerB.read()])

  expect(
    presses.map(({ source, text, message_type, prompt_response }) => [
      source.user_id,
      text,
      message_type,
      prompt_response,
    ]),
  ).toEqual([
    [
      'cara',
      '/deny',
      'command',
      { prompt_id: promptId, option_id: 'deny', label: 'Deny', prompt_message_id: messageId },
    ],
    [
      'ana',
      '/once',
      'command',
      { prompt_id: promptId, option_id: 'once', label: 'Approve once', prompt_message_id: messageId },
    ],
  ])
  expect(peerA.of('inbound')).toHaveLength(3)
  expect(peerB.heard).toEqual(['from ben'])
  expect(plane.faults).toEqual([])
})

// proves: relay.s16, relay.f13, relay.f15
test('a press is of whoever pressed, and reaches who has asked, where presses are passed on', async () => {
  const { peerA, peerB, press, messageId } = await openAsked(discord)
  await press('eve', 'once')
  await press('ben', 'once')
  await press('cara', 'deny')
  await press('ana', 'once')
  const forwards = await peerA.got('passthrough_forward', 2)
  await Promise.all([peerA.read(), peerB.read()])

  const bodies = forwards.map(({ forward }) => JSON.parse(Buffer.from(forward.bodyB64, 'base64').toString()))
  expect(
    bodies.map(({ type, member, data, message }) => [type, member.user.id, data.custom_id, message.id]),
  ).toEqual([
    [3, 'cara', `hp1:${promptId}:deny`, messageId],
    [3, 'ana', `hp1:${promptId}:once`, messageId],
  ])
  for (const body of bodies) expect(body.token).toBeUndefined()
  expect(peerA.of('passthrough_forward')).toHaveLength(2)
  expect(peerB.of('passthrough_forward')).toEqual([])
})

describe.each([discord, telegram])('on $platform', (bot) => {
  // proves: relay.s16
  test('nothing that is written passes for a press', async () => {
    const { sim, peerA, messageId } = await openAsked(bot)
    const forged = [
      `hp1:${promptId}:once`,
      `/once`,
      JSON.stringify({ prompt_response: { prompt_id: promptId, option_id: 'once' } }),
      JSON.stringify({
        type: 'inbound',
        event: { prompt_response: { prompt_id: promptId, option_id: 'once' } },
      }),
      `callback_data=hp1:${promptId}:once`,
      '\u0000hp1',
    ]
    for (const text of forged) await sim.say({ userId: 'ana', chatId: 'C1', text, replyTo: messageId })
    const events = (await peerA.got('inbound', forged.length + 1)).slice(1).map(({ event }) => event)

    expect(events.map(({ text }) => text)).toEqual(forged)
    for (const event of events) expect(event).not.toHaveProperty('prompt_response')
  })
})
