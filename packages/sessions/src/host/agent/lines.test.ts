import { expect, test } from 'vitest'
import { LineSplitter } from './lines.js'

function split(pieces: readonly (string | Buffer)[], maxBytes = 100) {
  let tooLong = 0
  const splitter = new LineSplitter(maxBytes, () => tooLong++)
  const lines = pieces.flatMap((piece) => [...splitter.push(Buffer.from(piece))])
  return { lines, rest: splitter.rest(), tooLong }
}

test('lines are the same however the bytes come', () => {
  const bytes = Buffer.from('eins\n\nzwölf 👋\nrest')
  const whole = split([bytes])

  expect(whole).toEqual({ lines: ['eins', '', 'zwölf 👋'], rest: 'rest', tooLong: 0 })
  for (let size = 1; size < bytes.length; size++) {
    const pieces: Buffer[] = []
    for (let from = 0; from < bytes.length; from += size) pieces.push(bytes.subarray(from, from + size))
    expect(split(pieces)).toEqual(whole)
  }
})

test('a line that is too long is left out, in one piece or in many, and the next one is whole', () => {
  const long = 'x'.repeat(101)

  expect(split([`a\n${long}\nb\n`])).toMatchObject({ lines: ['a', 'b'], tooLong: 1 })
  expect(split(['a\n', long.slice(0, 60), long.slice(60), '\nb\n'])).toMatchObject({
    lines: ['a', 'b'],
    tooLong: 1,
  })
  expect(split([`${'x'.repeat(100)}\n`])).toMatchObject({ lines: ['x'.repeat(100)], tooLong: 0 })
})
