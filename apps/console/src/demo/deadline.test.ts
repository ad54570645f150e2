import { expect, it } from 'vitest'
import { Deadline } from './deadline.js'

it('counts down from what the server said, and starts over when the session is used', () => {
  let now = 0
  const deadline = new Deadline({ now: () => now, after: () => () => {}, every: () => () => {} })

  deadline.set(1800)
  now = 600_000
  expect(deadline.seconds).toBe(1200)

  deadline.touch()
  expect(deadline.seconds).toBe(1800)
})

it('the full time is the most that the server ever said', () => {
  const deadline = new Deadline({ now: () => 0, after: () => () => {}, every: () => () => {} })

  deadline.set(300)
  deadline.set(1800)
  deadline.set(600)
  expect(deadline.seconds).toBe(600)

  deadline.touch()
  expect(deadline.seconds).toBe(1800)

  deadline.clear()
  expect(deadline.seconds).toBe(0)
})
