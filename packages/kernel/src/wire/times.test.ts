import { describe, expect, test } from 'vitest'
import { fromIsoTime, toIsoTime } from './times.js'

const micros = Date.UTC(2026, 3, 1, 10, 0, 0) * 1000

describe('writing', () => {
  test.each([
    [0, '1970-01-01T00:00:00.000000Z'],
    [micros + 5, '2026-04-01T10:00:00.000005Z'],
    [micros + 123_456, '2026-04-01T10:00:00.123456Z'],
    [-1, '1969-12-31T23:59:59.999999Z'],
  ])('%i is %s, and back', (value, text) => {
    expect(toIsoTime(value)).toBe(text)
    expect(fromIsoTime(text)).toBe(value)
  })
})

describe('reading', () => {
  test.each([
    ['2026-04-01T10:00:00Z', 0],
    ['2026-04-01T10:00:00', 0],
    ['2026-04-01t10:00:00z', 0],
    ['2026-04-01 10:00:00.Z', 0],
    ['2026-04-01T10:00:00.1Z', 100_000],
    ['2026-04-01T10:00:00.123456789Z', 123_456],
    ['2026-04-01T10:00:00.999999999Z', 999_999],
    ['2026-04-01T12:00:00.000001+02:00', 1],
    ['2026-04-01T12:00:00.000001 02:00', 1],
    ['2026-04-01T12:00:00+0200', 0],
    ['2026-03-31T22:30:00-11:30', 0],
  ])('%s is an instant', (text, after) => expect(fromIsoTime(text)).toBe(micros + after))

  test('keeps years that a date library would move, and clamps those past a number', () => {
    expect(fromIsoTime('9999-12-31T23:59:59Z')).toBe(Number.MAX_SAFE_INTEGER)
    expect(fromIsoTime('0001-01-01T00:00:00Z')).toBe(Number.MIN_SAFE_INTEGER)
  })

  test.each([
    '',
    'now',
    '1743501600',
    '2026-04-01',
    '2026-04-01T10:00',
    '2026-04-01T10:00:00.1234567890Z',
    '2026-04-01T10:00:00+02',
    '2026-04-01T10:00:00+24:00',
    '2026-04-01T10:00:00+02:60',
    '2026-04-01T24:00:00Z',
    '2026-04-01T10:60:00Z',
    '2026-04-01T10:00:60Z',
    '2026-13-01T10:00:00Z',
    '2026-02-30T10:00:00Z',
    '2026-04-01T10:00:00Z\n',
    ' 2026-04-01T10:00:00Z',
  ])('%j is none', (text) => expect(fromIsoTime(text)).toBeUndefined())
})
