import { user } from '@parley/threads/protocol'
import { expect, test } from 'vitest'
import { aMember, ann, bob, helper } from '../things.test.support.js'
import { mentionAt, offeredMembers, recipientsIn, withMention } from './mentions.js'

test.each([
  ['@', { start: 0, query: '' }],
  ['hi @an', { start: 3, query: 'an' }],
  ['hi\n@an', { start: 3, query: 'an' }],
  ['mail a@b', undefined],
  ['@ann ', undefined],
  ['@@', undefined],
  [`@${'a'.repeat(70)}`, undefined],
  ['', undefined],
])('in %j the mention is %j', (text, mention) => expect(mentionAt(text, text.length)).toEqual(mention))

test('only what stands before the caret counts', () => {
  expect(mentionAt('@an later', 3)).toEqual({ start: 0, query: 'an' })
  expect(withMention('@an later', { start: 0, query: 'an' }, 'Ann')).toEqual({
    text: '@Ann  later',
    caret: 5,
  })
})

test('members are offered by name, then by id, and never the writer', () => {
  const joanna = user({ id: 'u_1', name: 'Joanna' })
  const members = [joanna, ann, bob, helper].map(aMember)
  const offer = (query: string, reader?: string) =>
    offeredMembers(members, query, reader).map(({ identity }) => identity.name)

  expect(offer('AN')).toEqual(['Ann', 'Joanna'])
  expect(offer('u_b')).toEqual(['Bob'])
  expect(offer('', ann.id)).toEqual(['Joanna', 'Bob', 'Helper'])
  expect(offer('x')).toEqual([])
})

test('recipients are those whose mention is still there, once each', () => {
  const picked = [
    { id: 'a', name: 'Ann' },
    { id: 'a', name: 'Ann' },
    { id: 'b', name: 'Bob' },
  ]
  expect(recipientsIn('hi @Ann', picked)).toEqual(['a'])
})
