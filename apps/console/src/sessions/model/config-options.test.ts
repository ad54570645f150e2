import { expect, it } from 'vitest'
import { choicesOf, isCovered } from './config-options.js'

const option = (more: object) => ({ id: 'x', name: 'X', type: 'select', currentValue: 'a', ...more })

it('flattens groups', () => {
  const options = [
    { group: 'g', name: 'G', options: [{ value: 'a', name: 'A' }, { value: 'b' }] },
    { value: 'c', name: 'C' },
  ]
  expect(choicesOf(option({ options }))).toEqual([
    { id: 'a', name: 'A' },
    { id: 'b', name: 'b' },
    { id: 'c', name: 'C' },
  ])
  expect(choicesOf(option({}))).toEqual([])
})

it('knows options that stand for modes or models', () => {
  expect(isCovered([option({ category: 'model' })], 'model')).toBe(true)
  expect(isCovered([option({})], 'mode')).toBe(false)
})
