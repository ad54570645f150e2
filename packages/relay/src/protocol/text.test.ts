import { describe, expect, it } from 'vitest'
import { cutText, type LenUnit, splitText, textLength } from './text.js'

// Half a pair does not survive UTF-8.
const halves = new TextDecoder()
const family = '👨‍👩‍👧‍👦'

describe('the length of a text', () => {
  it.each([
    ['', 0, 0],
    ['abc', 3, 3],
    ['é', 1, 1],
    ['💡', 1, 2],
    [family, 7, 11],
  ])('%s: %d code points, %d units', (text, chars, utf16) => {
    expect(textLength(text, 'chars')).toBe(chars)
    expect(textLength(text, 'utf16')).toBe(utf16)
  })
})

describe('a cut', () => {
  it.each([
    ['abc', 2, 'chars', 'ab'],
    ['abc', 3, 'chars', 'abc'],
    ['abc', 0, 'chars', ''],
    ['💡💡', 1, 'chars', '💡'],
    ['💡💡', 3, 'utf16', '💡'],
    ['💡', 1, 'utf16', ''],
    [`a${family}b`, 5, 'chars', 'a'],
    ['ae\u0301x', 2, 'chars', 'a'],
  ] as const)('of %s at %d %s is %j', (text, max, unit, cut) => {
    expect(cutText(text, max, unit)).toBe(cut)
  })
})

describe('pieces of a text', () => {
  const texts = [
    'word '.repeat(200),
    '💡'.repeat(333),
    `${family} `.repeat(50),
    'line\n'.repeat(77),
    'e\u0301'.repeat(200),
    'x'.repeat(1_000),
    `a${'\u0301'.repeat(500)}`,
  ]

  it.each(['chars', 'utf16'] as LenUnit[])('are the text again and fit, in %s', (unit) => {
    for (const text of texts) {
      for (const max of [2, 3, 17, 64, 500]) {
        const pieces = splitText(text, max, unit)

        expect(pieces.join('')).toBe(text)
        expect(pieces.every((piece) => piece !== '' && textLength(piece, unit) <= max)).toBe(true)
        expect(pieces.every((piece) => piece === halves.decode(new TextEncoder().encode(piece)))).toBe(true)
      }
    }
  })

  it('end at a newline before a space, and at a space before a letter', () => {
    expect(splitText('aaaa bbbb\ncc dd', 13, 'chars')).toEqual(['aaaa bbbb\n', 'cc dd'])
    expect(splitText('aaaa bbbb cccc', 12, 'chars')).toEqual(['aaaa bbbb ', 'cccc'])
    expect(splitText('a bbbbbbbbb', 8, 'chars')).toEqual(['a bbbbbb', 'bbb'])
  })

  it('keep characters of several code points together', () => {
    expect(splitText(family.repeat(3), 8, 'chars')).toEqual([family, family, family])
  })

  it('of nothing are none, and there is always progress', () => {
    expect(splitText('', 10, 'chars')).toEqual([])
    expect(splitText('💡💡', 0, 'utf16')).toEqual(['💡', '💡'])
  })
})
