import { describe, expect, it } from 'vitest'
import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.js'

const samples = Array.from({ length: 40 }, (_, size) =>
  Uint8Array.from({ length: size }, (_, at) => (at * 89 + size * 37) % 256),
)

describe('base64', () => {
  it('says the same as Node, at every length', () => {
    for (const bytes of samples) {
      expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect(encodeBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
      expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes)
      expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes)
    }
  })

  it('carries a large body', () => {
    const bytes = new Uint8Array(262_144).fill(0xab)

    expect(Buffer.compare(decodeBase64(encodeBase64(bytes))!, bytes)).toBe(0)
  })

  it.each(['A', 'AA', 'AAA', 'AA=A', '=AAA', 'A===', 'AA-_', 'AAAA\n', 'AA A', '====', 'ä==='])(
    '%j is none',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined()
    },
  )

  it.each(['A', 'AA=', 'AA===', 'AAA==', 'AAAA=', 'AA+/', 'AB', 'A=A'])('%j is no URL-safe one', (text) => {
    expect(decodeBase64Url(text)).toBeUndefined()
  })

  it('takes a URL-safe text with its padding', () => {
    expect(decodeBase64Url('AA==')).toEqual(new Uint8Array([0]))
  })
})
