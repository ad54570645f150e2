import { expect, test } from 'vitest'
import { takeTurns } from './rounds.js'

test('sides take turns, every other round the other way round', async () => {
  const order: string[] = []
  const side = (name: string) => async () => order.push(name)

  const samples = await takeTurns(3, { a: side('a'), b: side('b') })

  expect(order).toEqual(['a', 'b', 'b', 'a', 'a', 'b'])
  expect(samples).toEqual({ a: [1, 4, 5], b: [2, 3, 6] })
})
