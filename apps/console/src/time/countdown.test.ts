import { describe, expect, it } from 'vitest'
import { formatDuration, secondsLeft, urgency } from './countdown.js'

describe('time that is left', () => {
  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min 00 s'],
    [245, '4 min 05 s'],
    [600, '10 min'],
    [601, '11 min'],
    [1799, '30 min'],
    [3599, '1 h'],
    [3600, '1 h'],
    [7500, '2 h 5 min'],
    [86_399, '1 d'],
    [86_400, '1 d'],
    [273_600, '3 d 4 h'],
  ])('%i seconds read as "%s"', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words)
  })

  it('a begun second still counts, and nothing is left after the deadline', () => {
    expect(secondsLeft(10_000, 8_999)).toBe(2)
    expect(secondsLeft(10_000, 10_000)).toBe(0)
    expect(secondsLeft(10_000, 99_000)).toBe(0)
  })

  it('gets pressing in the last five minutes and urgent in the last one', () => {
    expect([301, 300, 61, 60].map(urgency)).toEqual(['calm', 'soon', 'soon', 'now'])
  })
})
