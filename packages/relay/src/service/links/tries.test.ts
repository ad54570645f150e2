import { fakeClock } from '@parley/testkit'
import { expect, it } from 'vitest'
import { createTries } from './tries.js'

function start(maxPersons?: number) {
  const clock = fakeClock()
  const tries = createTries({ clock, limit: 5, windowMs: 3_600_000, ...(maxPersons && { maxPersons }) })
  const begin = (times: number, person = 'a') => Array.from({ length: times }, () => tries.begin(person))
  return { clock, tries, begin }
}

it('has room for five in an hour, for each person', async () => {
  const { clock, begin } = start()

  expect(begin(6).filter((one) => one !== undefined)).toHaveLength(5)
  expect(begin(1, 'b')[0]).toBeDefined()
  await clock.advance(3_599_999)
  expect(begin(1)[0]).toBeUndefined()
  await clock.advance(1)
  expect(begin(1)[0]).toBeDefined()
})

it('counts a try from its beginning, and not when it was taken back', () => {
  const { begin } = start()
  const [first] = begin(5)
  expect(begin(1)[0]).toBeUndefined()

  first!()
  first!()

  expect(begin(2).map((one) => one !== undefined)).toEqual([true, false])
})

it('counts what other nodes saw', () => {
  const { tries, begin } = start()
  for (let n = 0; n < 9; n++) tries.add('a')

  expect(begin(1)[0]).toBeUndefined()
})

it('remembers so many persons', () => {
  const { begin } = start(2)
  begin(5, 'a')
  begin(1, 'b')
  begin(1, 'c')

  expect(begin(1, 'a')[0]).toBeDefined()
})
