import { expect, test } from 'vitest'
import { median, quantile, ratioOf } from './stats.js'

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([7])).toBe(7)
})

test('a quantile is the smallest value that so large a share does not pass', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

  expect(quantile(hundred, 0.5)).toBe(50)
  expect(quantile(hundred, 0.99)).toBe(99)
  expect(quantile(hundred, 1)).toBe(100)
  expect(quantile([3], 0.01)).toBe(3)
})

test('neither of them changes the order of what it is given', () => {
  const values = [3, 1, 2]

  median(values)
  quantile(values, 0.9)

  expect(values).toEqual([3, 1, 2])
})

test('there is no median and no quantile of nothing', () => {
  expect(() => median([])).toThrow('no values')
  expect(() => quantile([], 0.5)).toThrow('no values')
})

test('a ratio is taken round by round, so that a slow round counts for both sides alike', () => {
  expect(ratioOf([50, 5, 60], [100, 10, 100])).toEqual({ median: 0.5, low: 0.5, high: 0.6 })
  expect(() => ratioOf([1, 2], [1])).toThrow('same number of rounds')
})
