import { describe, expect, test } from 'vitest'
import { parseSince, toTimestamp } from './timestamp.js'

const instant = Date.UTC(2026, 5, 23, 2, 22) * 1000 + 123_456

describe('writing', () => {
  test('has a fixed width, also when fractions are zero', () => {
    expect(toTimestamp(instant)).toBe('2026-06-23T02:22:00.123456Z')
    expect(toTimestamp(Date.UTC(2026, 5, 23) * 1000)).toBe('2026-06-23T00:00:00.000000Z')
    expect(toTimestamp(Date.UTC(2026, 5, 23) * 1000 + 7)).toBe('2026-06-23T00:00:00.000007Z')
  })

  test('is read back as the same microsecond', () => {
    for (const micros of [0, 1, 999, 1000, 999_999, instant, 4_102_444_800_000_001]) {
      expect(parseSince(toTimestamp(micros))).toBe(micros)
    }
  })
})

describe('reading', () => {
  test.each([
    '2026-06-23T02:22:00.123456Z',
    '2026-06-23 02:22:00.123456Z',
    '2026-06-23T02:22:00.123456',
    '2026-06-23 02:22:00.123456',
    '2026-06-23T10:22:00.123456+08:00',
    '2026-06-23T10:22:00.123456+0800',
    '2026-06-23T10:22:00.123456 08:00',
    '2026-06-23T10:22:00.123456 0800',
    '2026-06-22T21:52:00.123456-04:30',
    '2026-06-23T02:22:00.1234569Z',
    '2026-06-23T02:22:00.123456999Z',
  ])('%s is the instant', (text) => expect(parseSince(text)).toBe(instant))

  test('digits past the sixth are cut off, so that "strictly later" keeps its meaning', () => {
    expect(parseSince('2026-06-23T02:22:00.1234561Z')).toBe(instant)
    expect(parseSince('2026-06-23T02:22:00.1234569Z')).toBe(instant)
  })

  test.each([
    ['2026-06-23T02:22:00Z', 0],
    ['2026-06-23T02:22:00.1Z', 100_000],
    ['2026-06-23T02:22:00.000001Z', 1],
  ])('%s has %i microseconds', (text, fraction) =>
    expect(parseSince(text)).toBe(instant - 123_456 + fraction),
  )

  test('leap days exist in leap years only', () => {
    expect(parseSince('2024-02-29T00:00:00Z')).toBe(Date.UTC(2024, 1, 29) * 1000)
    expect(parseSince('2026-02-29T00:00:00Z')).toBeUndefined()
    expect(parseSince('1900-02-29T00:00:00Z')).toBeUndefined()
  })

  test('far years are clamped to numbers that are exact', () => {
    expect(parseSince('9999-12-31T23:59:59Z')).toBe(Number.MAX_SAFE_INTEGER)
    expect(parseSince('0001-01-01T00:00:00Z')).toBe(Number.MIN_SAFE_INTEGER)
  })

  test.each([
    '',
    'z',
    'now',
    '2026-06-23',
    '2026-06-23T02:22',
    '2026-06-23T02:22:00.Z',
    '2026-06-23T02:22:00.1234567890Z',
    '2026-06-23t02:22:00Z',
    '2026-06-23T02:22:00z',
    '2026-06-23T02:22:00+08',
    '2026-06-23T02:22:00+24:00',
    '2026-06-23T02:22:00+08:60',
    '2026-06-23T24:00:00Z',
    '2026-06-23T02:60:00Z',
    '2026-06-23T02:22:60Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-04-00T00:00:00Z',
    ' 2026-06-23T02:22:00Z',
    '2026-06-23T02:22:00Z ',
    '12026-06-23T02:22:00Z',
    '1750645320',
  ])('%j is no instant', (text) => expect(parseSince(text)).toBeUndefined())
})
