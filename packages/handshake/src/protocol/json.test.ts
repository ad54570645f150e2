import { describe, expect, test } from 'vitest'
import { isBlank, isDeeperThan, isSameJson, jsonBytes } from './json.js'

describe('blank values', () => {
  test.each([null, undefined, '', [], {}])('%j is blank', (value) => expect(isBlank(value)).toBe(true))
  test.each([0, false, ' ', [null], { a: null }])('%j is not blank', (value) =>
    expect(isBlank(value)).toBe(false),
  )
})

describe('sizes', () => {
  test('bytes are those of the JSON text in UTF-8', () => {
    expect(jsonBytes('é')).toBe(4)
    expect(jsonBytes('握')).toBe(5)
    expect(jsonBytes(undefined)).toBe(4)
  })

  test('depth counts lists and objects', () => {
    expect(isDeeperThan({ a: [1] }, 2)).toBe(false)
    expect(isDeeperThan({ a: [[1]] }, 2)).toBe(true)
  })

  test('a value nested a hundred thousand deep is measured without overflowing', () => {
    let value: unknown = 1
    for (let n = 0; n < 100_000; n += 1) value = [value]

    expect(isDeeperThan(value, 32)).toBe(true)
    expect(isDeeperThan(value, 100_000)).toBe(false)
  })
})

describe('equal JSON', () => {
  test('members may come in any order', () => {
    expect(isSameJson({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true)
  })

  test.each([
    [1, '1'],
    [1, true],
    [[1], { 0: 1 }],
    [{ a: undefined }, { b: undefined }],
    [[1, 2], [1]],
    [null, {}],
  ])('%j differs from %j', (a, b) => expect(isSameJson(a, b)).toBe(false))
})
