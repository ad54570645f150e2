import { expect, it } from 'vitest'
import { spaced } from './spaced.js'

it('runs at once, then once for everything that was asked for during the pause', () => {
  const { clock, pass, waiting } = fakeClock()
  let runs = 0
  const { soon, stop } = spaced(clock, 1_000, () => {
    runs += 1
  })

  for (let times = 0; times < 5; times++) soon()
  expect(runs).toBe(1)
  pass()
  expect(runs).toBe(2)
  pass()
  expect(runs).toBe(2)
  soon()
  expect(runs).toBe(3)
  stop()
  expect(waiting()).toBe(false)
})

function fakeClock() {
  let task: (() => void) | undefined
  return {
    clock: {
      after: (_ms: number, next: () => void) => {
        task = next
        return () => {
          task = undefined
        }
      },
    },
    pass: () => {
      const due = task
      task = undefined
      due?.()
    },
    waiting: () => task !== undefined,
  }
}
