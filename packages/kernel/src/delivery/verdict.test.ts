import { expect, it } from 'vitest'
import { pauseMs, toVerdict } from './verdict.js'

it('spreads pauses from a fifth shorter to a fifth longer, and repeats the last', () => {
  const pauses = [1000, 10_000]

  expect([0, 0.5, 1].map((dice) => pauseMs(pauses, 0, () => dice))).toEqual([800, 1000, 1200])
  expect([1, 2, 99].map((failures) => pauseMs(pauses, failures, () => 0.5))).toEqual([10_000, 10_000, 10_000])
})

it('waits a day at most for a receiver that asks for more, and never into the past', () => {
  const nextAt = (retryAfterMs: number) => {
    const outcome = { outcome: 'retry', error: 'busy', retryAfterMs } as const
    const verdict = toVerdict({
      outcome,
      failures: 0,
      now: 0,
      expiresAt: Number.MAX_SAFE_INTEGER,
      pausesMs: [1000],
      random: () => 0.5,
    })
    return verdict.state === 'waiting' && verdict.nextAt / 1000
  }

  expect([nextAt(1e12), nextAt(-5), nextAt(Number.NaN)]).toEqual([86_400_000, 1000, 1000])
})
