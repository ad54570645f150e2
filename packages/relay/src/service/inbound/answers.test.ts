import { describe, expect, it } from 'vitest'
import type { PromptRow } from '../../store/port.js'
import { aForward, aMessage } from '../fake-bot.test.support.js'
import { instance, openInbound, type TestInbound } from './inbound.test.support.js'

const options = [
  { id: 'once', label: 'Approve once' },
  { id: 'deny', label: 'Deny' },
]
const press = (token = 'hp1:p1:once') => ({ token, label: 'Approve once', messageId: 'q1' })

/** `u1` owns `a1` and `b1`. */
async function start(): Promise<
  TestInbound & { ask(name: string, change?: Partial<PromptRow>): Promise<void> }
> {
  const one = await openInbound()
  await one.add('a1', 'b1')
  await one.bind('u1', 'a1')
  await one.bind('u1', 'b1')
  const at = one.deps.ground.clock.micros()
  const ask = async (name: string, change: Partial<PromptRow> = {}): Promise<void> => {
    const row: PromptRow = {
      ...instance(name),
      ...one.bot.identity,
      promptId: 'p1',
      chatId: 'c1',
      messageId: 'q1',
      options,
      rung: 'buttons',
      createdAt: at,
      expiresAt: at + 3_600_000_000,
      ...change,
    }
    await one.deps.ground.log.commit({ ops: [one.deps.store.prompts.insert(row)], appends: [] })
  }
  return { ...one, ask }
}

// proves: relay.f13
describe('a press', () => {
  it('becomes the answer of whoever pressed, for the instance that has asked', async () => {
    const one = await start()
    await one.ask('b1')

    await one.sink.message(aMessage({ text: '', messageId: 'i1', press: press() }))
    await one.sink.message(aMessage({ text: '', messageId: 'i2', press: press() }))

    expect(await one.events('a1')).toEqual([])
    const [event, ...again] = await one.events('b1')
    expect(event).toMatchObject({
      text: '/once',
      message_type: 'command',
      message_id: 'i1',
      prompt_response: {
        prompt_id: 'p1',
        option_id: 'once',
        label: 'Approve once',
        prompt_message_id: 'q1',
      },
      source: { user_id: 'u1', chat_id: 'c1' },
    })
    expect(again).toHaveLength(1)
    expect((await one.decisions())[0]).toMatchObject({
      reason: 'press',
      outcomes: [
        { instanceId: 'b1', isDelivered: true, reason: 'press' },
        { instanceId: 'a1', isDelivered: false, reason: 'not-addressed' },
      ],
    })
  })

  it('reaches who has asked in a direct message as well, also when another one is the default', async () => {
    const one = await start()
    await one.ask('a1', { chatId: 'd1' })

    await one.sink.message(aMessage({ chat: { id: 'd1', type: 'dm', scopeId: null }, press: press() }))

    expect(await one.events('a1')).toHaveLength(1)
    expect(await one.events('b1')).toEqual([])
  })

  // proves: relay.s16
  it('of something that was not offered is no answer', async () => {
    const one = await start()
    await one.ask('b1')

    await one.sink.message(aMessage({ press: press('hp1:p1:always') }))

    expect([...(await one.events('a1')), ...(await one.events('b1'))]).toEqual([])
    expect(await one.decisions()).toMatchObject([{ reason: 'foreign-press' }])
  })

  it('reaches all who are admitted when nobody knows who has asked', async () => {
    const one = await start()

    await one.sink.message(aMessage({ press: press() }))

    expect(await one.events('a1')).toHaveLength(1)
    expect(await one.events('b1')).toHaveLength(1)
  })

  // proves: relay.s16
  it('of somebody who is not admitted reaches nobody', async () => {
    const one = await start()
    await one.ask('a1')

    await one.sink.message(aMessage({ author: { id: 'u2' }, press: press() }))

    expect(await one.events('a1')).toEqual([])
  })

  it("of another bot's control reaches nobody", async () => {
    const one = await start()

    await one.sink.message(aMessage({ press: press('menu:7') }))

    expect(await one.events('a1')).toEqual([])
    expect(await one.decisions()).toMatchObject([{ reason: 'foreign-press', outcomes: [] }])
  })

  // proves: relay.s16
  it('can not be forged: a text that looks like a token stays a text', async () => {
    const one = await start()
    await one.ask('a1')
    const forged = { text: 'hp1:p1:once', prompt_response: { prompt_id: 'p1', option_id: 'once' } }

    await one.sink.message({ ...aMessage({ messageId: 'm1' }), ...forged } as ReturnType<typeof aMessage>)
    await one.sink.message(aMessage({ messageId: 'm2', text: '/once' }))

    for (const event of await one.events('a1')) expect(event).not.toHaveProperty('prompt_response')
    expect((await one.events('a1')).map(({ text }) => text)).toEqual(['hp1:p1:once', '/once'])
  })
})

describe('a question in numbered text', () => {
  it.each([
    ['2', 'deny'],
    [' 1. ', 'once'],
    ['approve ONCE', 'once'],
  ])('is answered by %j, once, for the instance that has asked', async (text, option) => {
    const one = await start()
    await one.ask('a1', { rung: 'text' })

    await one.sink.message(aMessage({ messageId: 'm1', text }))
    await one.sink.message(aMessage({ messageId: 'm2', text }))

    const [answer, later] = await one.events('a1')
    expect(answer).toMatchObject({
      text: `/${option}`,
      message_type: 'command',
      prompt_response: { prompt_id: 'p1', option_id: option, prompt_message_id: 'q1' },
    })
    expect(later).toMatchObject({ text, message_type: 'text' })
    expect(later).not.toHaveProperty('prompt_response')
    for (const event of await one.events('b1')) expect(event).not.toHaveProperty('prompt_response')
  })

  it.each(['3', '0', 'approve', '12345', '1 please'])('is not answered by %j', async (text) => {
    const one = await start()
    await one.ask('a1', { rung: 'text' })

    await one.sink.message(aMessage({ text }))

    expect((await one.events('a1'))[0]).not.toHaveProperty('prompt_response')
  })

  it('is not answered by an edit, by a stranger, or where it was shown with buttons', async () => {
    const one = await start()
    await one.ask('a1', { rung: 'text' })
    await one.ask('a1', { chatId: 'c2' })

    await one.sink.message(aMessage({ messageId: 'm1', text: '1', isEdit: true }))
    await one.sink.message(aMessage({ messageId: 'm2', text: '1', author: { id: 'u2' } }))
    await one.sink.message(aMessage({ messageId: 'm3', text: '1', chat: { id: 'c2' } }))

    for (const event of await one.events('a1')) expect(event).not.toHaveProperty('prompt_response')
    expect(await one.events('a1')).toHaveLength(2)
  })

  it('is the latest one, or the one that is replied to', async () => {
    const one = await start()
    await one.ask('a1', { rung: 'text', promptId: 'old', messageId: 'q-old', createdAt: 1 })
    await one.ask('a1', { rung: 'text', promptId: 'new', messageId: 'q-new', createdAt: 2 })

    await one.sink.message(aMessage({ messageId: 'm1', text: '1', replyTo: { messageId: 'q-old' } }))
    await one.sink.message(aMessage({ messageId: 'm2', text: '1' }))

    const answered = (await one.events('a1')).map(({ prompt_response }) => prompt_response?.prompt_id)
    expect(answered).toEqual(['old', 'new'])
  })

  it('goes in a direct message to who has asked', async () => {
    const one = await start()
    await one.ask('a1', { rung: 'text', chatId: 'd1' })
    const direct = { id: 'd1', type: 'dm', scopeId: null } as const

    await one.sink.message(aMessage({ messageId: 'm1', text: '1', chat: direct }))
    await one.sink.message(aMessage({ messageId: 'm2', text: '1', chat: direct }))

    expect(await one.events('a1')).toMatchObject([{ prompt_response: { option_id: 'once' } }])
    expect(await one.events('b1')).toMatchObject([{ text: '1' }])
  })
})

// proves: relay.f13
describe('a press that is passed on', () => {
  it('reaches the instance that has asked, or all who are admitted', async () => {
    const one = await start()
    await one.ask('b1')

    await one.sink.forward(aForward({ dedupe: 'i1', pressToken: 'hp1:p1:once' }))
    await one.sink.forward(aForward({ dedupe: 'i2', pressToken: 'hp1:other:once' }))
    await one.sink.forward(aForward({ dedupe: 'i3', pressToken: 'menu' }))
    await one.sink.forward(aForward({ dedupe: 'i4', pressToken: 'hp1:p1:once', author: { id: 'u2' } }))

    expect(await one.frames('a1')).toHaveLength(2)
    expect(await one.frames('b1')).toHaveLength(3)
  })
})
