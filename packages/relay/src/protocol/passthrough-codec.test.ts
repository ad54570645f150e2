import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decodePassthrough, encodePassthrough } from './passthrough-codec.js'

const forward = {
  platform: 'discord',
  botId: '1180',
  method: 'POST',
  path: '/interactions/discord/1180',
  headers: [
    ['content-type', 'application/json'],
    ['x-two', 'a'],
    ['x-two', 'b'],
  ] as [string, string][],
}

// proves: relay.f15
describe('a forward', () => {
  it('carries any bytes, through the text of a frame', () => {
    for (let size = 0; size < 256; size++) {
      const body = new Uint8Array(createHash('shake256', { outputLength: size }).update(`${size}`).digest())

      const wire: unknown = JSON.parse(JSON.stringify(encodePassthrough({ ...forward, body })))

      expect(decodePassthrough(wire)).toEqual({ ...forward, body })
    }
  })

  it('has standard base64 with padding', () => {
    const body = new Uint8Array([0xfb, 0xff, 0xfe, 0xff])

    expect(encodePassthrough({ ...forward, body }).bodyB64).toBe('+//+/w==')
  })

  it.each(['!!!!', 'AAA', 'AA=A', '-_-_', 'AAAA\n', ' AAAA', 'A', '====', 5, null, undefined, ['AAAA']])(
    'has an empty body when it says %j',
    (bodyB64) => {
      expect(decodePassthrough({ ...forward, bodyB64 })).toEqual({ ...forward, body: new Uint8Array() })
    },
  )

  it('keeps its profile', () => {
    expect(decodePassthrough({ ...forward, bodyB64: '', profile: 'coder' }).profile).toBe('coder')
    expect(decodePassthrough({ ...forward, bodyB64: '', profile: 5 })).not.toHaveProperty('profile')
  })

  it('loses headers that are no pairs of text', () => {
    const headers = [['a', 'b'], ['c'], ['d', 'e', 'f'], 'g', null, ['h', 5], ['a', 'b']]

    expect(decodePassthrough({ ...forward, headers }).headers).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
  })

  it.each([null, 'x', [], 7, {}])('of %j is an empty one', (wire) => {
    expect(decodePassthrough(wire)).toEqual({
      platform: '',
      botId: '',
      method: '',
      path: '',
      headers: [],
      body: new Uint8Array(),
    })
  })
})
