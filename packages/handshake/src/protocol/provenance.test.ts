import { describe, expect, test } from 'vitest'
import { onAgentSet, onCreate, onUserEdit } from './provenance.js'

test('a value given at creation is the user’s unless it is blank', () => {
  expect([null, '', [], {}].map(onCreate)).toEqual(['empty', 'empty', 'empty', 'empty'])
  expect(['x', 0, false].map(onCreate)).toEqual(['user', 'user', 'user'])
})

describe('the transition table', () => {
  test.each([
    [undefined, 'ai', 'user'],
    ['empty', 'ai', 'user'],
    ['ai', 'ai', 'user_edit'],
    ['user', 'locked', 'user'],
    ['user_edit', 'locked', 'user'],
  ] as const)('from %s the agent leads to %s, the user to %s', (now, agent, user) => {
    expect(onAgentSet(now)).toBe(agent)
    expect(onUserEdit(now, 'x')).toBe(user)
  })
})

describe('clearing a field', () => {
  test('keeps it locked by default', () => expect(onUserEdit('ai', '')).toBe('user_edit'))
  test('gives it back when asked to', () => {
    expect(onUserEdit('ai', '', { releaseOnClear: true })).toBe('empty')
    expect(onUserEdit('ai', false, { releaseOnClear: true })).toBe('user_edit')
  })
})
