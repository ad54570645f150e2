import { testGrounds } from '@parley/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { interactionToMessage } from '../../protocol/index.js'
import { testSink } from '../conformance/sink.js'
import { ids } from './fake-world.test.support.js'
import { discordSetting, interaction, type Setting, signed } from './setting.test.support.js'

const memory = (await testGrounds())[0]!
let setting: Setting
afterEach(() => setting.close())

async function edge() {
  setting = await discordSetting(memory)
  const { bot, fake, privateKey } = setting
  const sink = testSink()
  return {
    sink,
    ask: async (body: unknown) => await bot.edge!(signed(privateKey, body), sink),
    interaction: (type: number, rest: object = {}) =>
      interaction(fake, { by: ids.ada, channelId: ids.group, type, ...rest }),
  }
}
const typeOf = (answer: { body?: string }) => (JSON.parse(answer.body ?? '{}') as { type?: number }).type
const signal = () => ({ signal: new AbortController().signal })

describe('Discord’s requests', () => {
  it('are answered a ping without anything else', async () => {
    const { ask, sink } = await edge()

    expect(await ask({ type: 1 })).toMatchObject({ status: 200, body: '{"type":1}' })
    expect(sink.attempts).toBe(0)
  })

  it.each([
    [2, 5],
    [3, 6],
    [5, 5],
  ])('of type %i are stored, then deferred with %i', async (type, deferred) => {
    const { ask, sink, interaction } = await edge()
    const body = interaction(type, { data: { custom_id: 'approve_btn' } })

    expect(typeOf(await ask(body))).toBe(deferred)
    expect(sink.forwards).toMatchObject([
      {
        dedupe: `interaction:${body.id}`,
        author: { id: ids.ada, name: 'ada', displayName: 'a nick' },
        chat: { id: ids.group, type: 'group', name: 'ops', scopeId: ids.guild },
      },
    ])
    expect(sink.forwards[0]).not.toHaveProperty('pressToken')
  })

  it('for completions are answered without choices and not passed on', async () => {
    const { ask, sink, interaction } = await edge()

    const answer = await ask(interaction(4))

    expect(JSON.parse(answer.body ?? '')).toEqual({ type: 8, data: { choices: [] } })
    expect(sink.attempts).toBe(0)
  })

  it.each([{ type: 6 }, { type: '2' }, {}, [], 'not json', { type: 2 }, null])(
    'that are %j are refused',
    async (body) => {
      const { ask, sink } = await edge()

      expect(await ask(body)).toMatchObject({ status: 400 })
      expect(sink.attempts).toBe(0)
    },
  )

  it('that are nested too deep are refused', async () => {
    const { ask, sink, interaction } = await edge()
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    const body = JSON.stringify(interaction(2, { data: 0 })).replace('"data":0', `"data":{"x":${deep}}`)

    expect(await ask(body)).toMatchObject({ status: 400 })
    expect(sink.attempts).toBe(0)
  })

  it('of another method are refused', async () => {
    const { sink, interaction } = await edge()
    const request = { ...signed(setting.privateKey, interaction(2)), method: 'PUT' }

    expect(await setting.bot.edge!(request, sink)).toMatchObject({ status: 405 })
  })

  it.each([
    ['x-signature-ed25519', 'zz'],
    ['x-signature-ed25519', ''],
    ['x-signature-ed25519', 'a'.repeat(130)],
    ['x-signature-ed25519', 'g'.repeat(128)],
    ['x-signature-timestamp', ''],
    ['x-signature-timestamp', '1767225601'],
    ['x-signature-timestamp', '9'.repeat(5_000)],
  ])('with %s %j are let in by nobody', async (name, value) => {
    const { sink, interaction } = await edge()
    const request = signed(setting.privateKey, interaction(2))
    request.headers.set(name, value)

    expect(await setting.bot.edge!(request, sink)).toMatchObject({ status: 401 })
    expect(sink.attempts).toBe(0)
  })

  it('are let in by nobody while the public key is not known', async () => {
    const { sink, interaction } = await edge()
    const bot = setting.open({ publicKey: '' })

    for (const body of [{ type: 1 }, interaction(2)])
      expect(await bot.edge!(signed(setting.privateKey, body), sink)).toMatchObject({ status: 401 })
    expect(sink.attempts).toBe(0)
  })

  it('are not acknowledged when they are not stored in time', async () => {
    const { ask, sink, interaction } = await edge()
    let open = (): void => {}
    sink.gate = new Promise((resolve) => {
      open = resolve
    })

    const answer = ask(interaction(2))
    await expect.poll(() => sink.attempts).toBe(1)
    await setting.clock.advance(2_500)

    expect(await answer).toMatchObject({ status: 500 })
    expect(setting.clock.pending).toBe(0)
    open()
  })

  // proves: relay.f15
  it('are, for who receives them, the messages that they stand for', async () => {
    const { ask, sink, interaction } = await edge()
    const options = [{ type: 1, name: 'run', options: [{ type: 3, name: 'what', value: 'deploy' }] }]
    const { id } = interaction(2)
    await ask({ ...interaction(2, { data: { name: 'skill', options } }), id })
    await ask(interaction(3, { data: { custom_id: 'hp1:p.1:deny' }, message: { id: 'm5' } }))

    const messages = sink.forwards.map(({ forward }) => interactionToMessage(forward))

    expect(messages).toMatchObject([
      { text: '/skill run deploy', message_type: 'command', message_id: id },
      { text: '/deny', prompt_response: { prompt_id: 'p.1', option_id: 'deny', prompt_message_id: 'm5' } },
    ])
    const { chat, author } = sink.forwards[0]!
    expect(messages[0]?.source).toMatchObject({
      chat_id: chat.id,
      chat_type: chat.type,
      user_id: author.id,
      scope_id: chat.scopeId,
    })
  })

  // proves: relay.s1
  it('go on without a token anywhere', async () => {
    const { ask, sink, interaction } = await edge()
    const body = interaction(2)
    const { token } = body
    const data = {
      name: 'new',
      token: 'another one',
      options: [{ name: 'x', value: `see ${token}!`, [token]: { deeper: [{ token }] } }],
    }

    await ask({ ...body, data })

    const text = new TextDecoder().decode(sink.forwards[0]?.forward.body)
    expect(text).not.toContain(token)
    expect(text).not.toContain('"token"')
    expect(JSON.parse(text)).toMatchObject({ id: body.id, data: { options: [{ value: 'see !' }] } })
  })
})

// proves: relay.f16
describe('a follow-up', () => {
  it('of a press leaves the question as it is', async () => {
    const { ask, sink, interaction } = await edge()
    const { world } = setting.fake
    const question = world.post({ channel_id: ids.group, content: 'Which?', author: world.bot })
    await ask(interaction(3, { data: { custom_id: 'hp1:p:a' }, message: question }))
    const secret = sink.forwards[0]?.capability?.secret ?? ''

    const result = await setting.bot.perform(
      { op: 'follow_up', secret, isFirst: true, content: 'done' },
      signal(),
    )

    expect(sink.forwards[0]?.pressToken).toBe('hp1:p:a')
    expect(result).toMatchObject({ outcome: 'done' })
    expect(world.messagesOf(ids.group).map(({ content }) => content)).toEqual(['Which?', 'done'])
  })

  it('comes after a placeholder that somebody took away', async () => {
    const { ask, sink, interaction } = await edge()
    await ask(interaction(2, { data: { name: 'new' } }))
    const secret = sink.forwards[0]?.capability?.secret ?? ''

    const result = await setting.bot.perform(
      { op: 'follow_up', secret, isFirst: true, content: 'done' },
      signal(),
    )

    expect(result).toMatchObject({ outcome: 'done' })
    expect(setting.fake.world.messagesOf(ids.group)).toMatchObject([{ content: 'done' }])
    // The interaction's token is enough: the bot's own stays at home.
    expect(setting.fake.proofs).toEqual([undefined, undefined])
  })

  // proves: relay.s1
  it('that is too late is refused, and nobody is told the token', async () => {
    const { ask, sink, interaction } = await edge()
    const body = interaction(2, { data: { name: 'new' } })
    await ask(body)
    setting.fake.world.interactions.clear()
    const secret = sink.forwards[0]?.capability?.secret ?? ''
    const action = { op: 'follow_up', secret, isFirst: true, content: 'done' } as const

    const gone = await setting.bot.perform(action, signal())
    const echo = JSON.stringify({
      message: `no ${body.token} nor ${encodeURIComponent(body.token)}`,
      code: 0,
    })
    const headers = { 'content-type': 'application/json' }
    setting.fake.trouble = { kind: 'status', status: 400, body: echo, headers }
    const echoed = await setting.bot.perform(action, signal())
    setting.fake.trouble = { kind: 'breaks' }
    const broken = await setting.bot.perform(action, signal())

    expect([gone, echoed, broken]).toMatchObject([
      { outcome: 'refused', error: 'Discord: Unknown Webhook' },
      { outcome: 'refused', error: 'Discord: no [secret] nor [secret]' },
      { outcome: 'ambiguous' },
    ])
    expect(JSON.stringify([gone, echoed, broken, setting.reported])).not.toContain(body.token)
  })

  it.each(['', 'null', '{}', '{"applicationId":"../users","token":"x","hasPlaceholder":true}'])(
    'with the secret %j asks Discord nothing',
    async (secret) => {
      await edge()

      const result = await setting.bot.perform(
        { op: 'follow_up', secret, isFirst: true, content: 'x' },
        signal(),
      )

      expect(result).toMatchObject({ outcome: 'refused' })
      expect(setting.fake.calls).toEqual([])
    },
  )
})
