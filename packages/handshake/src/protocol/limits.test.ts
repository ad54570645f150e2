import { expect, test } from 'vitest'
import { defaultLimits, pauseMs, sizeProblem } from './limits.js'

test('a value may have exactly the bytes of the limit', () => {
  expect(sizeProblem('x'.repeat(65_534))).toBeUndefined()
  expect(sizeProblem('x'.repeat(65_535))).toBe('value too large')
})

test('a value may be nested exactly as deep as the limit', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

  expect(sizeProblem(nested(32))).toBeUndefined()
  expect(sizeProblem(nested(33))).toBe('value too deep')
})

test.each([
  [300, 2, 300],
  [300, 60, 200],
  [5000, 1, 2000],
  [-5, 3, 0],
  [300, 0, 300],
  [1, 500, 1],
])('asked for %i ms and %i actions the pause is %i ms', (asked, actions, pause) => {
  expect(pauseMs(asked, actions, defaultLimits)).toBe(pause)
})
