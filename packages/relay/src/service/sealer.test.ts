import { expect, it } from 'vitest'
import { createSealer } from './sealer.js'

const sealer = createSealer(new Uint8Array(32).fill(7))

it('gives back what was sealed, in its own place only', () => {
  const sealed = sealer.seal('tøken\0', 'row 1')

  expect(sealer.open(sealed, 'row 1')).toBe('tøken\0')
  expect(sealed).not.toContain('tøken')
  expect(sealer.seal('tøken\0', 'row 1')).not.toBe(sealed)
  expect(() => sealer.open(sealed, 'row 2')).toThrow()
  expect(() => createSealer(new Uint8Array(32)).open(sealed, 'row 1')).toThrow()
})

it.each(['', 'v1', 'v1.', 'v1.AAAA', 'v2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'nothing'])(
  'does not open %j',
  (text) => {
    expect(() => sealer.open(text, 'row 1')).toThrow()
  },
)

it('does not open what was changed', () => {
  const bytes = Buffer.from(sealer.seal('secret', 'c').slice(3), 'base64url')
  bytes[bytes.length - 1]! ^= 1
  expect(() => sealer.open(`v1.${bytes.toString('base64url')}`, 'c')).toThrow()
})
