import { expect, test } from 'vitest'
import { cut, isSplit, wholeLength } from './pieces.js'

test.each([
  ['', 4, []],
  ['abcd', 4, ['abcd']],
  ['abcde', 2, ['ab', 'cd', 'e']],
  ['a😀b😀', 2, ['a', '😀', 'b', '😀']],
  ['ab😀', 3, ['ab', '😀']],
  ['\ud83d\ud83d\ud83d', 2, ['\ud83d', '\ud83d\ud83d']],
])('%j in pieces of %i units never ends within a character', (text, units, pieces) => {
  expect(cut(text, units)).toEqual(pieces)
  expect(cut(text, units).join('')).toBe(text)
})

test('the first half of a character waits for the other', () => {
  expect(['', 'ab', 'a😀', 'a\ud83d', 'a\ude00'].map(wholeLength)).toEqual([0, 2, 3, 1, 2])
  expect([isSplit('a\ud83d', '\ude00b'), isSplit('a', '\ude00'), isSplit('', '')]).toEqual([
    true,
    false,
    false,
  ])
})
