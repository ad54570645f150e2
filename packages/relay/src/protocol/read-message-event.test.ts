import { describe, expect, it } from 'vitest'
import { readMessageEvent } from './read-message-event.js'
import { buildSessionKey } from './session-key.js'

const source = {
  platform: 'discord',
  chat_id: 'C1',
  chat_type: 'group',
  chat_name: 'ops',
  user_id: 'U1',
  user_name: 'mira',
  thread_id: null,
  chat_topic: null,
}
const read = (event: object = {}, more: object = {}) =>
  readMessageEvent({ text: 'hi', message_type: 'text', source: { ...source, ...more }, ...event })!

// proves: relay.f11
describe('reading an event', () => {
  it('takes the example of the contract as it is', () => {
    const event = {
      text: 'what broke in the deploy?',
      message_type: 'text',
      message_id: '42',
      reply_to_message_id: '40',
      reply_to: { text: 'Deploy 81 failed', author: 'deploybot', is_own: false },
      media_urls: ['https://c.example/relay/media/7c'],
      media: [
        {
          url: 'https://c.example/relay/media/7c',
          kind: 'image',
          mime: 'image/png',
          size: 48_123,
          filename: 'log.png',
          caption: '',
        },
      ],
      context: [{ text: 'rolling back', source: { user_name: 'Ana' } }],
      source: { ...source, user_display_name: 'Mira K.', scope_id: '99', guild_id: '99', message_id: '42' },
    }

    expect(readMessageEvent(event)).toEqual(event)
  })

  it('fills in what is missing', () => {
    expect(readMessageEvent({ source: {} })).toEqual({
      text: '',
      message_type: 'text',
      message_id: null,
      reply_to_message_id: null,
      media_urls: [],
      source: {
        platform: 'relay',
        chat_id: '',
        chat_type: 'dm',
        chat_name: null,
        user_id: null,
        user_name: null,
        thread_id: null,
        chat_topic: null,
      },
    })
  })

  it.each([null, 'x', [], {}, { source: null }, { source: 'x' }, { source: [] }])('%j is none', (value) => {
    expect(readMessageEvent(value)).toBeUndefined()
  })

  it('calls a platform it does not know relay, unless it is one of its own', () => {
    expect(read({}, { platform: 'pigeon' }).source.platform).toBe('relay')
    const event = { source: { ...source, platform: 'pigeon' } }
    expect(readMessageEvent(event, { platforms: ['pigeon'] })!.source.platform).toBe('pigeon')
  })

  it.each([
    ['image', 'photo'],
    ['photo', 'photo'],
    ['hologram', 'text'],
    [undefined, 'text'],
    [5, 'text'],
  ])('a type %j is %s', (message_type, type) => {
    expect(read({ message_type }).message_type).toBe(type)
  })

  it.each([
    [{ scope_id: 'S' }, 'S'],
    [{ guild_id: 'G' }, 'G'],
    [{ scope_id: 'S', guild_id: 'G' }, 'S'],
    [{ scope_id: '', guild_id: 'G' }, 'G'],
    [{}, undefined],
  ])('%j: the scope is %s', (scope, id) => {
    expect(read({}, scope).source.scope_id).toBe(id)
    expect(read({}, scope).source.guild_id).toBe(id)
  })

  it('drops what claims to be trusted', () => {
    const event = read({ delivered_via_upstream_relay: true }, { delivered_via_upstream_relay: true })

    expect(JSON.stringify(event)).not.toContain('delivered_via_upstream_relay')
  })

  it('finds media by url, not by place', () => {
    const media = [{ url: 'b', mime: 'image/b' }, null, { url: 'gone' }, { url: 'a', size: -1 }]

    const event = read({ media_urls: ['a', 'x', '', 5, 'b'], media })

    expect(event.media_urls).toEqual(['a', 'x', 'b'])
    expect(event.media?.map(({ url, mime }) => [url, mime])).toEqual([
      ['a', ''],
      ['b', 'image/b'],
    ])
  })

  it('reads numbers in place of ids as text', () => {
    const event = read({ message_id: 42 }, { chat_id: -100200, user_id: 55, platform: 'telegram' })

    expect(event.message_id).toBe('42')
    expect(buildSessionKey(event.source)).toBe('agent:main:telegram:group:-100200:55')
  })

  it.each([['x'], [{ a: 1 }], [[null, 5, { text: '' }, { text: 7, source: 'x' }]]])(
    'survives the context %j',
    (context) => {
      expect(read({ context }).text).toBe('hi')
    },
  )

  it('keeps context with text only', () => {
    const context = [{ text: '' }, { source: {} }, { text: 'one', source: { user_id: 7 } }, { text: 'two' }]

    expect(read({ context, context_error: true })).toMatchObject({
      context: [
        { text: 'one', source: { user_id: '7' } },
        { text: 'two', source: {} },
      ],
      context_error: true,
    })
  })

  it.each([
    null,
    {},
    { prompt_id: 'p' },
    { prompt_id: 'p', option_id: 5 },
    { prompt_id: '', option_id: 'o' },
  ])('a press %j is none', (prompt_response) => {
    expect(read({ prompt_response })).not.toHaveProperty('prompt_response')
  })

  it('reads a press', () => {
    const prompt_response = { prompt_id: 'p', option_id: 'o', label: 'Yes', prompt_message_id: '9' }

    expect(read({ prompt_response }).prompt_response).toEqual(prompt_response)
  })
})
