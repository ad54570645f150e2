import { describe, expect, test } from 'vitest'
import { isBlank, isSameJson } from './json.js'

describe('blank values', () => {
  test.each([null, undefined, '', [], {}])('%j is blank', (value) => expect(isBlank(value)).toBe(true))
  test.each([0, false, ' ', [null], { a: null }])('%j is not blank', (value) =>
    expect(isBlank(value)).toBe(false),
  )
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
