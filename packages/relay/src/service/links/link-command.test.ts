import { expect, it } from 'vitest'
import { readLinkCommand } from './link-command.js'

it.each([
  ['/link 7KQ2-M9XD', '7KQ2-M9XD'],
  ['  /LINK\t7kq2 m9xd ', '7kq2 m9xd'],
  ['/link', ''],
  ['/link@parley_bot 7KQ2', '7KQ2'],
  ['<@1180000000000000001> /link 7KQ2', '7KQ2'],
  ['<@!118> /link 7KQ2', '7KQ2'],
  ['<@U07AB> /link 7KQ2', '7KQ2'],
  ['@parley_bot /link 7KQ2', '7KQ2'],
  ['/link\n7KQ2', '7KQ2'],
])('%j is a command with %j', (text, rest) => {
  expect(readLinkCommand(text)).toBe(rest)
})

it.each(['', 'link 7KQ2', '/links', '/linking me', 'please /link 7KQ2', 'hello\n/link x', '/ link x'])(
  '%j is none',
  (text) => {
    expect(readLinkCommand(text)).toBeUndefined()
  },
)

it('reads a very long text in no time', () => {
  expect(readLinkCommand(`${'@a '.repeat(300_000)}${' '.repeat(300_000)}/lin`)).toBeUndefined()
  expect(readLinkCommand(`${' '.repeat(500_000)}@${'a'.repeat(500_000)}`)).toBeUndefined()
})
