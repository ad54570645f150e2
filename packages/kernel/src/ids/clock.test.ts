import { afterEach, expect, test, vi } from 'vitest'
import { systemClock } from './clock.js'

afterEach(() => {
  vi.useRealTimers()
})

test('microseconds follow the time of day when the machine slept or its clock was set', () => {
  for (const hours of [8, -3]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * 3_600_000 })

    expect(Math.abs(systemClock.micros() / 1000 - systemClock.now())).toBeLessThan(1_500)
    vi.useRealTimers()
  }
})

test('microseconds count finer than milliseconds', () => {
  const times = Array.from({ length: 1000 }, () => systemClock.micros())

  expect(times.some((time) => time % 1000 !== 0)).toBe(true)
})
