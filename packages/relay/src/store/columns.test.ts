import { expect, test } from 'vitest'
import { fromName, toName } from './columns.js'

const texts = [
  '',
  'org-17',
  'Ñ 🙂 привет',
  'a:b/c%20"\'',
  '\\',
  '\\\\',
  '\\u0000',
  '\u0000',
  '\ud800',
  '\udc00\ud800',
  '\ud83d\ude42\ud83d',
  '\\\u0000\\u\udfff',
]

test('ordinary ids stand as they are', () => {
  for (const text of texts.slice(0, 4)) expect(toName(text)).toBe(text)
})

test('every text comes back, and every database takes what it stands as', () => {
  for (const text of texts) {
    const stored = toName(text)
    expect(fromName(stored)).toBe(text)
    expect(stored).not.toContain('\0')
    expect(stored).not.toMatch(/\p{Surrogate}/u)
  }
})

test('different texts stay different', () => {
  expect(new Set(texts.map(toName)).size).toBe(texts.length)
})
