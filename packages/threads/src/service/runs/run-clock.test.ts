import { fakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { RunClock } from './run-clock.js'

function started(limitMs: number) {
  const clock = fakeClock()
  const over: number[] = []
  const begun = clock.now()
  return { clock, over, limit: new RunClock(clock, limitMs, () => over.push(clock.now() - begun)) }
}

test('is over once its time has passed', async () => {
  const { clock, over } = started(1_000)

  await clock.advance(999)
  expect(over).toEqual([])
  await clock.advance(5_000)

  expect(over).toEqual([1_000])
})

test('stands still while it is held, and goes on with what is left', async () => {
  const { clock, over, limit } = started(1_000)
  await clock.advance(600)
  const release = limit.hold()
  expect(clock.pending).toBe(0)
  await clock.advance(60_000)

  release()
  await clock.advance(399)
  expect(over).toEqual([])
  await clock.advance(1)

  expect(over).toEqual([61_000])
})

test('goes on when the last of several has let go, and letting go twice counts once', async () => {
  const { clock, over, limit } = started(1_000)
  const [first, second] = [limit.hold(), limit.hold()]

  first()
  first()
  await clock.advance(10_000)
  expect(over).toEqual([])
  second()
  await clock.advance(1_000)

  expect(over).toEqual([11_000])
})

test('leaves nothing behind once it is stopped, whoever lets go later', async () => {
  const { clock, over, limit } = started(1_000)
  const release = limit.hold()

  limit.stop()
  release()
  await clock.advance(10_000)

  expect([over, clock.pending]).toEqual([[], 0])
})
