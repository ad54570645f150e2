import { expect, it } from 'vitest'
import { earlier, following, later, latest } from './window.js'

it('begins with the newest', () => {
  expect(latest(10)).toEqual({ from: 0, to: null })
  expect(latest(1_000)).toEqual({ from: 850, to: null })
})

it('going up lets go of the end, going down of the beginning', () => {
  let window = latest(1_000)
  for (let steps = 0; steps < 3; steps++) window = earlier(window, 1_000)
  expect(window).toEqual({ from: 400, to: 850 })

  window = later(window, 1_000)
  expect(window).toEqual({ from: 550, to: null })
  expect(later(window, 1_000)).toBe(window)
})

it('goes up to the beginning and no further', () => {
  expect(earlier({ from: 10, to: null }, 200)).toEqual({ from: 0, to: null })
})

it('lets go of what is far above while the end is followed', () => {
  expect(following({ from: 0, to: null }, 450)).toEqual({ from: 0, to: null })
  expect(following({ from: 0, to: null }, 451)).toEqual({ from: 301, to: null })
  expect(following({ from: 0, to: 300 }, 900)).toEqual({ from: 0, to: 300 })
})
