import { expect, it } from 'vitest'
import { fakeIds } from './fake-ids.js'

it('hands out the same ids in every run, and others for another seed', () => {
  const take = (seed?: string) => {
    const ids = fakeIds({ seed })
    return [ids.next('evt'), ids.hex(4), ids.token(24)]
  }

  expect(take()).toEqual(take())
  expect(take('b')).not.toEqual(take())
})

it('hands out ids of the real shape, in order and without repeats', () => {
  const ids = fakeIds()
  const taken = Array.from({ length: 300 }, () => ids.next('evt'))

  expect(taken[0]).toMatch(/^evt_[0-9a-f]{32}$/)
  expect(taken).toEqual([...new Set(taken)].sort())
  expect(ids.hex(5)).toMatch(/^[0-9a-f]{10}$/)
})

it('never begins a token with a dash', () => {
  const ids = fakeIds()

  expect(
    Array.from({ length: 500 }, () => ids.token(6)).filter((token) => !/^[\w][\w-]{7}$/.test(token)),
  ).toEqual([])
})
