import { expect, test } from 'vitest'
import { compare, isReached, type Measured } from './measured.js'
import { toTable } from './report.js'

const line = (aim: Measured['aim']): Measured =>
  compare({
    what: '8 writers',
    unit: 'ms',
    ours: [6, 5, 4],
    baseline: { name: 'bare', values: [2, 2, 2] },
    aim,
  })

test('a line holds the medians of both sides and their ratio', () => {
  expect(line(undefined)).toMatchObject({
    ours: 5,
    baseline: { name: 'bare', value: 2, ratio: { median: 2.5, low: 2, high: 3 } },
  })
})

test('an aim is about the ratio, about our own value, or about the difference', () => {
  expect(isReached(line(undefined))).toBeUndefined()
  expect(isReached(line({ of: 'ratio', atLeast: 2.5 }))).toBe(true)
  expect(isReached(line({ of: 'ratio', atLeast: 2.6 }))).toBe(false)
  expect(isReached(line({ of: 'ours', atMost: 5 }))).toBe(true)
  expect(isReached(line({ of: 'ours', atMost: 4.9 }))).toBe(false)
  expect(isReached(line({ of: 'difference', atMost: 3 }))).toBe(true)
  expect(isReached(line({ of: 'difference', atMost: 2 }))).toBe(false)
})

test('the table says for each line whether its aim was reached', () => {
  const [, reached, missed] = toTable([
    line({ of: 'ratio', atMost: 3 }),
    line({ of: 'difference', atMost: 2 }),
  ]).split('\n')

  expect(reached).toMatch(/8 writers +5.00 ms +2.00 ms bare +2.50 \(2.00 to 3.00\) +≤ 3 ✓/)
  expect(missed).toContain('Δ ≤ 2 ms ✗')
})
