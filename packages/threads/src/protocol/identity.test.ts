import { describe, expect, test } from 'vitest'
import { assistant, Identity, ReceivedIdentity, system, user } from './identity.js'

const ann = { role: 'user', id: 'u_1', name: 'Ann', metadata: {} }

test('absent metadata is an object of its own each time', () => {
  const [first, second] = [Identity.parse({ role: 'user', id: 'u_1', name: 'Ann' }), Identity.parse(ann)]

  expect(first).toEqual(ann)
  expect(first.metadata).not.toBe(second.metadata)
  expect(Identity.parse({ ...ann, metadata: null })).toEqual(ann)
})

test('the helpers make what the schema reads', () => {
  const members = { id: 'x', name: 'X', metadata: { tenant: { org: 'A' } } }

  for (const make of [user, assistant, system]) expect(Identity.parse(make(members))).toEqual(make(members))
  expect([user, assistant, system].map((make) => make(members).role)).toEqual(['user', 'assistant', 'system'])
  expect(user({ id: 'x', name: 'X' }).metadata).toEqual({})
})

describe('refused:', () => {
  test.each([
    { ...ann, role: 'robot' },
    { ...ann, role: undefined },
    { ...ann, extra: 1 },
    { ...ann, id: '' },
    { ...ann, id: 'a\0b' },
    { ...ann, id: 'x'.repeat(256) },
    { ...ann, id: 1 },
    { ...ann, name: undefined },
    { ...ann, metadata: [] },
    { ...ann, metadata: { a: 'x'.repeat(65_536) } },
    'u_1',
  ])('%#', (value) => expect(Identity.safeParse(value).success).toBe(false))
})

test('what a server sends may have more members', () => {
  expect(ReceivedIdentity.parse({ ...ann, avatar: 'x' })).toEqual({ ...ann, avatar: 'x' })
  expect(ReceivedIdentity.safeParse({ ...ann, role: 'robot' }).success).toBe(false)
})
