import { expect, test } from 'vitest'
import { isReadable } from './limits.js'
import { settledPart } from './settled.js'

test.each([
  ['one paragraph', '', 'one paragraph'],
  ['first\n\nsecond', 'first\n\n', 'second'],
  ['a\n\n# b\n\nc d', 'a\n\n# b\n\n', 'c d'],
  ['- a\n\n- b', '', '- a\n\n- b'],
  ['- a\n\n  still a', '', '- a\n\n  still a'],
  ['```\na\n\nb', '', '```\na\n\nb'],
  ['```\na\n\nb\n```\n\nc', '```\na\n\nb\n```\n\n', 'c'],
  ['', '', ''],
])('%j is settled up to %j', (text, settled, rest) => expect(settledPart(text)).toEqual([settled, rest]))

test.each([
  ['> '.repeat(49), true],
  ['>'.repeat(50), false],
  [`a\n${'> - '.repeat(25)}`, false],
  ['-'.repeat(500), true],
  ['a'.repeat(50_000), true],
  ['a'.repeat(50_001), false],
])('%# is readable: %j', (text, isIt) => expect(isReadable(text)).toBe(isIt))
