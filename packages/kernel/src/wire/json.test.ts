import { expect, test } from 'vitest'
import { isDeeperThan, isJsonObject, isLongerThan, jsonBytes } from './json.js'

test('an object of JSON is neither null nor a list', () => {
  expect([{}, null, [], 'x', 1].map(isJsonObject)).toEqual([true, false, false, false, false])
})

test('sizes are bytes of UTF-8', () => {
  expect(jsonBytes({ a: 'ü' })).toBe(10)
  expect(jsonBytes(undefined)).toBe(4)
  expect([isLongerThan('üü', 4), isLongerThan('üüa', 4), isLongerThan('aaaa', 4)]).toEqual([
    false,
    true,
    false,
  ])
})

test('a value nested a hundred thousand deep is measured without overflowing', () => {
  let value: unknown = 1
  for (let n = 0; n < 100_000; n += 1) value = [value]

  expect([isDeeperThan(value, 32), isDeeperThan(value, 100_000)]).toEqual([true, false])
})

test('depth counts lists and objects, however many there are', () => {
  const nested = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)

  expect([isDeeperThan([{}], 1), isDeeperThan([{}], 2), isDeeperThan(1, 0)]).toEqual([true, false, false])
  expect([isDeeperThan(nested, 4999), isDeeperThan(nested, 5000)]).toEqual([true, false])
})
