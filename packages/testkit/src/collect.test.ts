import { expect, it } from 'vitest'
import { collect } from './collect.js'

async function* numbers(last: number, onEnd?: () => void) {
  try {
    for (let n = 1; n <= last; n++) yield n
  } finally {
    onEnd?.()
  }
}

it('takes n items and ends the iteration', async () => {
  let ended = false

  const items = await collect(
    numbers(10, () => {
      ended = true
    }),
    3,
  )

  expect(items).toEqual([1, 2, 3])
  expect(ended).toBe(true)
})

it('takes items up to and including the one that the predicate names', async () => {
  expect(await collect(numbers(10), (n, items) => n === 4 && items.length === 4)).toEqual([1, 2, 3, 4])
})

it('gives what there was when the iterable ends earlier', async () => {
  expect(await collect(numbers(2), 5)).toEqual([1, 2])
  expect(await collect(numbers(2), 0)).toEqual([])
})
