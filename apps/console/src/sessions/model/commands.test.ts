import { expect, it } from 'vitest'
import { moved, suggestions } from './commands.js'

const commands = [
  { name: 'review', description: '' },
  { name: 'test', description: '' },
]

it.each([
  ['/', ['review', 'test']],
  ['/RE', ['review']],
  ['/review ', []],
  ['say /re', []],
  ['', []],
])('for "%s" commands are %o', (text, names) => {
  expect(suggestions(text, commands).map(({ name }) => name)).toEqual(names)
})

it('moves within the list only', () => {
  const list = ['a', 'b', 'c']
  expect(moved(list, 2, -2)).toEqual(['c', 'a', 'b'])
  expect(moved(list, 0, 1)).toEqual(['b', 'a', 'c'])
  expect(moved(list, 0, -1)).toBe(list)
})
