import { describe, expect, it } from 'vitest'
import { dialUrl, httpUrl, isMediaOf, mediaIdOf } from './urls.js'

const id = '7c9e6679f1c24d6e9b1d0a2b3c4d5e6f'

// proves: relay.f1
describe('addresses of a connector', () => {
  const rows = [
    ['https://c.example', 'wss://c.example/relay', 'https://c.example/relay/provision'],
    ['https://c.example/relay/', 'wss://c.example/relay', 'https://c.example/relay/provision'],
    ['ws://127.0.0.1:9', 'ws://127.0.0.1:9/relay', 'http://127.0.0.1:9/relay/provision'],
    ['wss://c.example/relay', 'wss://c.example/relay', 'https://c.example/relay/provision'],
    ['  http://c.example// ', 'ws://c.example/relay', 'http://c.example/relay/provision'],
    ['https://c.example/bots', 'wss://c.example/bots/relay', 'https://c.example/bots/relay/provision'],
  ] as const

  it.each(rows)('%s', (base, dial, provision) => {
    expect(dialUrl(base)).toBe(dial)
    expect(dialUrl(dialUrl(base))).toBe(dial)
    expect(httpUrl(base, '/relay/provision')).toBe(provision)
    expect(httpUrl(dial, '/relay/provision')).toBe(provision)
  })
})

// proves: relay.s13
describe('media of the connector', () => {
  it.each(['https://c.example', 'wss://c.example/relay', 'https://c.example:443/relay/'])('of %s', (base) => {
    expect(isMediaOf(`https://c.example/relay/media/${id}`, base)).toBe(true)
    expect(mediaIdOf(`https://c.example/relay/media/${id}`, base)).toBe(id)
  })

  it('may stand below a path', () => {
    expect(mediaIdOf(`https://c.example/bots/relay/media/${id}`, 'wss://c.example/bots/relay')).toBe(id)
    expect(isMediaOf(`https://c.example/relay/media/${id}`, 'wss://c.example/bots/relay')).toBe(false)
  })

  it.each([
    `https://evil.example/relay/media/${id}`,
    `https://evil.example/?u=https://c.example/relay/media/${id}`,
    `https://c.example.evil.example/relay/media/${id}`,
    `https://c.example@evil.example/relay/media/${id}`,
    `https://me:word@c.example/relay/media/${id}`,
    `https://c.example:8443/relay/media/${id}`,
    `http://c.example/relay/media/${id}`,
    `http://c.example:443/relay/media/${id}`,
    `ftp://c.example/relay/media/${id}`,
    `https://c.example/relay/media/../../manage/${id}`,
    `https://c.example/relay/media/%2e%2e/${id}`,
    `https://c.example/relay/mediax/${id}`,
    '/relay/media/1',
    'not an address',
    '',
  ])('is not %s', (url) => {
    expect(isMediaOf(url, 'https://c.example')).toBe(false)
    expect(mediaIdOf(url, 'https://c.example')).toBeUndefined()
  })

  it('has an id of 32 hex digits', () => {
    expect(isMediaOf('https://c.example/relay/media/x', 'https://c.example')).toBe(true)
    expect(mediaIdOf('https://c.example/relay/media/x', 'https://c.example')).toBeUndefined()
    expect(mediaIdOf(`https://c.example/relay/media/${id}/..%2f`, 'https://c.example')).toBeUndefined()
  })
})
