import { expect, it } from 'vitest'
import { changeWords, detailWords } from './changes.js'

it('a change is told in words, an unknown one by its type', () => {
  expect(changeWords('relay.link.bound')).toBe('Person linked')
  expect(changeWords('relay.new.thing')).toBe('relay.new.thing')
})

it('details stand beside their names; what is absent is left out', () => {
  expect(detailWords({ gatewayId: 'gw-1', bots: ['a'], none: null, empty: '' })).toBe(
    'gatewayId gw-1 · bots ["a"]',
  )
})
