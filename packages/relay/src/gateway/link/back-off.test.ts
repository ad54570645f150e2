import { expect, test } from 'vitest'
import { createBackOff } from './back-off.js'

const waits = (backOff: { next(): number }, count: number) =>
  Array.from({ length: count }, () => backOff.next())

test('waits double from a second to half a minute', () => {
  expect(
    waits(
      createBackOff(() => 0.5),
      7,
    ),
  ).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})

test('waits differ by a fifth, and never exceed half a minute', () => {
  expect(
    waits(
      createBackOff(() => 0),
      6,
    ),
  ).toEqual([800, 1_600, 3_200, 6_400, 12_800, 24_000])
  expect(
    waits(
      createBackOff(() => 1),
      6,
    ),
  ).toEqual([1_200, 2_400, 4_800, 9_600, 19_200, 30_000])
})

test('a connection that lived under 30 s keeps the ladder climbing, a longer one begins it anew', () => {
  const backOff = createBackOff(() => 0.5)
  const after = (ms: number) => {
    backOff.lived(ms)
    return backOff.next()
  }

  expect([after(0), after(29_999), after(30_000), after(5_000)]).toEqual([1_000, 2_000, 1_000, 2_000])
})
