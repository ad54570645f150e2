import { ReceiptState } from '@parley/relay/protocol'
import { expect, it } from 'vitest'
import { age, count, fileSize, reasonWords, receiptBadges, rungWords, secondsSince } from './words.js'

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [3_400, '3.4 KB'],
  [52_000, '52 KB'],
  [16_777_216, '17 MB'],
])('%i bytes read as %s', (bytes, words) => {
  expect(fileSize(bytes)).toBe(words)
})

it.each([
  [-3, '0 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [3_600, '1 h'],
  [86_399, '23 h'],
  [172_800, '2 d'],
])('%f seconds are %s old', (seconds, words) => {
  expect(age(seconds)).toBe(words)
})

it('the age of a moment is counted from now', () => {
  expect(secondsSince('2026-01-01T00:00:00.000000Z', Date.parse('2026-01-01T00:01:00Z'))).toBe(60)
})

it('numbers stand with their word', () => {
  expect([count(1, 'link'), count(0, 'link'), count(1_200, 'entry', 'entries')]).toEqual([
    '1 link',
    '0 links',
    '1,200 entries',
  ])
})

it('every state has a badge, every reason and rung is told or shown as it is', () => {
  for (const state of ReceiptState.options) expect(receiptBadges[state].text).not.toBe('')
  expect(reasonWords('not-visible')).toBe('its owner may not view the chat')
  expect(reasonWords('something-new')).toBe('something-new')
  expect([rungWords('split'), rungWords('native'), rungWords(null)]).toEqual([
    'in several messages',
    undefined,
    undefined,
  ])
})
