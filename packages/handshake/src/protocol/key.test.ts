import { expect, test } from 'vitest'
import { isKey } from './key.js'

test.each(['a', 'field.name', ' ', '名字', 'x'.repeat(256), '😀'.repeat(256)])('%j is a key', (key) => {
  expect(isKey(key)).toBe(true)
})

test.each([
  '',
  '__proto__',
  'constructor',
  'prototype',
  'x'.repeat(257),
  '😀'.repeat(257),
  1,
  null,
  undefined,
  ['a'],
  'half a character \ud800',
])('%j is no key', (key) => expect(isKey(key)).toBe(false))
