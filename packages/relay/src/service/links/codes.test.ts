import { idsFrom, systemIds } from '@parley/kernel/ids'
import { describe, expect, it } from 'vitest'
import { hashOfCode, makeCode } from './codes.js'

// proves: relay.f27, relay.s14
describe('a code', () => {
  it('has eight symbols of which none looks like another', () => {
    for (let n = 0; n < 200; n++) expect(makeCode(systemIds)).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/)
  })

  it('uses all of its forty random bits', () => {
    const codes = [0, 0x1f, 0xff].map((byte) =>
      makeCode(idsFrom((bytes) => new Uint8Array(bytes).fill(byte))),
    )

    expect(codes[0]).toBe('2222-2222')
    expect(codes[2]).toBe('ZZZZ-ZZZZ')
    expect(new Set(codes).size).toBe(3)
  })

  it('is the same in every way to write it', () => {
    const ways = ['7KQ2-M9XD', '7kq2m9xd', ' 7kq2 m9xd ', '7K-Q2-M9-XD', '7KQ2–M9XD']

    expect(new Set(ways.map(hashOfCode)).size).toBe(1)
    expect(hashOfCode('7KQ2-M9XD')).toMatch(/^[0-9a-f]{64}$/)
    expect(hashOfCode('7KQ2-M9XE')).not.toBe(hashOfCode('7KQ2-M9XD'))
  })

  it.each(['', '7KQ2', '7KQ2-M9X0', '7KQ2-M9XDA', 'ſſſſſſſſ', '-'.repeat(1_000_000)])(
    'is not what has another shape (%#)',
    (typed) => {
      expect(hashOfCode(typed)).toBeUndefined()
    },
  )
})
