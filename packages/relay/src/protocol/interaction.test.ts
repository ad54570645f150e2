import { describe, expect, it } from 'vitest'
import { interactionToMessage } from './interaction.js'
import { buildSessionKey } from './session-key.js'

const user = { id: 'U1', username: 'mira' }
const base = { id: 'i-1', channel_id: 'C1', guild_id: 'G1', member: { user } }

function forward(body: unknown, more: { platform?: string; profile?: string } = {}) {
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body))
  return { platform: 'discord', botId: '1180', method: 'POST', path: '/', headers: [], body: bytes, ...more }
}
const convert = (body: object) => interactionToMessage(forward({ ...base, ...body }))
const option = (name: string, value: unknown, type = 3) => ({ name, value, type })

// proves: relay.f15
describe('an interaction as a message', () => {
  it.each([
    [{ name: 'model', options: [option('name', 'gpt-x')] }, '/model gpt-x'],
    [
      { name: 'skill', options: [{ type: 1, name: 'run', options: [option('what', 'deploy')] }] },
      '/skill run deploy',
    ],
    [{ name: 'new' }, '/new'],
    [{ name: 'new', options: 'x' }, '/new'],
    [{ name: 'a', options: [option('x', '  '), option('y', 5, 4), option('z', true, 5)] }, '/a 5 true'],
    [
      {
        name: 'a',
        options: [{ type: 2, name: 'g', options: [{ type: 1, name: 's', options: [option('x', 1)] }] }],
      },
      '/a g s 1',
    ],
    [{ name: 'a', options: [null, option('x', { y: 1 }), option('z', null)] }, '/a'],
  ])('of the command %j is %s', (data, text) => {
    expect(convert({ type: 2, data })).toMatchObject({ text, message_type: 'command', message_id: 'i-1' })
  })

  it('of a component is its id', () => {
    const event = convert({ type: 3, data: { custom_id: 'approve_btn' } })

    expect(event).toMatchObject({ text: 'approve_btn', message_type: 'text' })
    expect(event).not.toHaveProperty('prompt_response')
  })

  it('of a control of a prompt is its answer', () => {
    const data = { custom_id: 'hp1:a1b2c3.00000001:deny' }

    expect(convert({ type: 3, data, message: { id: 'm5' } })).toMatchObject({
      text: '/deny',
      message_type: 'command',
      prompt_response: { prompt_id: 'a1b2c3.00000001', option_id: 'deny', prompt_message_id: 'm5' },
    })
    expect(convert({ type: 3, data })?.prompt_response?.prompt_message_id).toBeNull()
  })

  it.each([
    { type: 1 },
    { type: 4, data: { name: 'a' } },
    { type: 5, data: { custom_id: 'x' } },
    { type: 2, data: {} },
    { type: 3, data: { custom_id: '' } },
    { type: 3 },
    { type: '2', data: { name: 'a' } },
  ])('is none for %j', (body) => {
    expect(convert(body)).toBeUndefined()
  })

  it.each([
    ['text', new TextEncoder().encode('not json')],
    ['bytes', new Uint8Array([0xff, 0xfe])],
    ['a list', new TextEncoder().encode('[]')],
    ['nothing', new Uint8Array()],
  ])('is none for %s', (_, body) => {
    expect(interactionToMessage(forward(body))).toBeUndefined()
  })

  it('is none for another platform', () => {
    const body = { ...base, type: 2, data: { name: 'new' } }

    expect(interactionToMessage(forward(body, { platform: 'slack' }))).toBeUndefined()
  })

  it('survives options without end', () => {
    const deep = `${'[{"type":1,"name":"x","options":'.repeat(9_000)}[]${'}]'.repeat(9_000)}`
    const body = `{"type":2,"channel_id":"C1","data":{"name":"a","options":${deep}}}`

    expect(interactionToMessage(forward(new TextEncoder().encode(body)))?.text).toBe('/a x x x')
  })

  describe('its source', () => {
    const source = (body: object, profile?: string) =>
      interactionToMessage(forward({ ...base, type: 2, data: { name: 'new' }, ...body }, { profile }))!.source

    it('in a guild', () => {
      expect(source({})).toEqual({
        platform: 'discord',
        chat_id: 'C1',
        chat_type: 'group',
        chat_name: null,
        user_id: 'U1',
        user_name: 'mira',
        thread_id: null,
        chat_topic: null,
        scope_id: 'G1',
        guild_id: 'G1',
        message_id: 'i-1',
      })
    })

    it('in a thread has the key of the thread', () => {
      const thread = source({ channel_id: 'T9', channel: { type: 11, parent_id: 'C1' } })

      expect(thread).toMatchObject({ chat_type: 'thread', thread_id: 'T9', parent_chat_id: 'C1' })
      expect(buildSessionKey(thread)).toBe('agent:main:discord:thread:T9:T9')
    })

    it('outside of a guild is direct, whatever the channel says', () => {
      const direct = source({ guild_id: undefined, member: undefined, user, channel: { type: 11 } })

      expect(direct).toMatchObject({ chat_type: 'dm', thread_id: null, user_id: 'U1' })
      expect(direct).not.toHaveProperty('scope_id')
    })

    it.each([
      [{ nick: 'Mi', user: { ...user, global_name: 'Mira K.' } }, 'Mi'],
      [{ nick: null, user: { ...user, global_name: 'Mira K.' } }, 'Mira K.'],
      [{ user }, 'mira'],
      [{ user: { id: 'U1' } }, null],
    ])('names %j %s', (member, name) => {
      expect(source({ member }).user_name).toBe(name)
    })

    it('has the profile of the forward', () => {
      expect(source({}, 'coder').profile).toBe('coder')
    })
  })
})
