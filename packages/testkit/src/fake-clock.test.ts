import { expect, it } from 'vitest'
import { fakeClock } from './fake-clock.js'

it('runs due timers in order of time, then of setting', async () => {
  const clock = fakeClock({ start: 1000 })
  const seen: string[] = []
  clock.after(20, () => seen.push(`late at ${clock.now()}`))
  clock.after(10, () => seen.push(`first at ${clock.now()}`))
  clock.after(10, () => seen.push(`second at ${clock.now()}`))
  clock.after(31, () => seen.push('too late'))

  await clock.advance(30)

  expect(seen).toEqual(['first at 1010', 'second at 1010', 'late at 1020'])
  expect([clock.now(), clock.micros(), clock.pending]).toEqual([1030, 1_030_000, 1])
})

it('runs timers that a timer sets through promise jobs, when they fall due as well', async () => {
  const clock = fakeClock()
  let beats = 0
  const beat = async () => {
    await clock.sleep(10)
    beats += 1
    void beat()
  }
  void beat()

  await clock.advance(100)

  expect(beats).toBe(10)
})

it('does not run a timer that was stopped', async () => {
  const clock = fakeClock()
  const stop = clock.after(5, () => expect.unreachable('the timer was stopped'))

  stop()
  stop()
  await clock.advance(10)

  expect(clock.pending).toBe(0)
})

it('rejects a sleep with the reason of its signal', async () => {
  const clock = fakeClock()
  const controller = new AbortController()
  const sleeping = clock.sleep(10, controller.signal)

  controller.abort(new Error('no more time'))

  await expect(sleeping).rejects.toThrow('no more time')
  expect(clock.pending).toBe(0)
})
