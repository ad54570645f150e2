import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from './base64.js'
import { decodeToken, encodeToken } from './token.js'

const secret = '0f'.repeat(32)
const sign = (signed: string) => createHmac('sha256', secret).update(signed).digest('hex')
const encoded = (text: string) => encodeBase64Url(new TextEncoder().encode(text))

const vectors: [string, number, string][] = [
  [
    'gw-demo',
    0,
    'Z3ctZGVtbzowOmZiOGVkNTJkYTU5NGM2MDA0NTVkNjQxYjlhNDliMTkyZTg2ODQ4Y2ViYzUzNjJiOTI4YzRmYzI0MWI1ZWJjMDM',
  ],
  [
    'gw-demo',
    2_000_000_000,
    'Z3ctZGVtbzoyMDAwMDAwMDAwOjZhNGU2YjViMmE3ZjM1NDE0NTQyZjA3YTNjMDMxMzAyMGM2ZTRkZDE2NTI4YTFjZTI3MmNjNWI5MzEwMWQxY2Q',
  ],
  [
    'team:a:gw-1',
    2_000_000_000,
    'dGVhbTphOmd3LTE6MjAwMDAwMDAwMDowOTAzNTcyOTViM2U3OGEyYWY4ZmY5YjU3MWYwNTkzMDkxNGE1ZDk2ZjlmYjcxNzNhZjNjM2M1NDlkZTg5MGFk',
  ],
  [
    'gw-é',
    2_000_000_000,
    'Z3ctw6k6MjAwMDAwMDAwMDo2YWNlN2Q3ODYzMmJkZmQ1MzFiNTI1MzFlMGY0ZGVjN2M0MjY5YjEzYWQyYTg5OWViZjVjYjMzNDdkZTA5OTQy',
  ],
  [
    'gw-demo',
    1,
    'Z3ctZGVtbzoxOmZlNDA5MWViY2Y4NjQwYjhiNmU0ZDdjYzVjNGFkYmE0ZTZlMDNkNTRhYThhY2Q2ODllNTc5NGQxMTVkOTUxMGM',
  ],
]

// proves: relay.f2
describe('the upgrade token', () => {
  it.each(vectors)('for %s until %d', (payload, exp, token) => {
    const decoded = decodeToken(token)

    expect(encodeToken({ payload, exp }, sign)).toBe(token)
    expect(decoded).toMatchObject({ payload, exp, signed: `${payload}:${exp}` })
    expect(decoded!.sig).toBe(sign(decoded!.signed))
  })

  it('may come with padding', () => {
    for (const [payload, exp, token] of vectors) {
      const padded = token.padEnd(Math.ceil(token.length / 4) * 4, '=')
      expect(decodeToken(padded)).toMatchObject({ payload, exp })
    }
  })

  it('does not survive one flipped bit anywhere', () => {
    const [, , token] = vectors[2]!
    const flipped = Array.from(token).flatMap((_, at) =>
      [1, 2, 4, 8, 16, 32, 64].map(
        (bit) => token.slice(0, at) + String.fromCharCode(token.charCodeAt(at) ^ bit) + token.slice(at + 1),
      ),
    )

    const accepted = flipped.filter((text) => {
      const decoded = decodeToken(text)
      return decoded && sign(decoded.signed) === decoded.sig.toLowerCase()
    })

    // The case of a hex digit is one bit as well, and says nothing else.
    expect(accepted.every((text) => decodeToken(text)!.signed === 'team:a:gw-1:2000000000')).toBe(true)
    expect(accepted.filter((text) => !/[A-F]/.test(decodeToken(text)!.sig))).toEqual([])
  })

  it.each([
    '',
    '!',
    'a',
    encoded('gw'),
    encoded('gw:1'),
    encoded('gw:one:ff'),
    encoded('gw:-1:ff'),
    encoded('gw:1.5:ff'),
    encoded('gw:1:xyz'),
    encoded('gw:1:f'),
    encoded('gw:1:'),
    encodeBase64Url(new Uint8Array([0xff, 0xfe, 0x3a, 0x31, 0x3a, 0x66])),
    'A'.repeat(5_000),
  ])('%j is none', (text) => {
    expect(decodeToken(text)).toBeUndefined()
  })

  it('keeps a byte order mark and leading zeros, for they were signed', () => {
    expect(decodeToken(encoded('\uFEFFgw:007:ff'))).toEqual({
      payload: '\uFEFFgw',
      exp: 7,
      signed: '\uFEFFgw:007',
      sig: 'ff',
    })
  })
})
