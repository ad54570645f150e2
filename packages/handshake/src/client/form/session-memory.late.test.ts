import { expect, test } from 'vitest'
import { SessionMemory } from './session-memory.js'

const session = {
  sessionId: 's',
  token: 't',
  wsUrl: '/ws',
  contextUrl: '/context',
  actionUrl: '/action',
  diffUrl: '/diff',
  notifyUrl: '/notify',
  expiresIn: 60,
}

function storage() {
  const items = new Map<string, string>()
  return {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, text: string) => void items.set(name, text),
    removeItem: (name: string) => void items.delete(name),
  }
}

test('what was typed in the last moment is remembered for one reload', () => {
  const shared = storage()
  const before = new SessionMemory(shared, 'form')
  before.keep(session, ['a'])
  before.keepLate({ a: 'Print works' })

  const after = new SessionMemory(shared, 'form')

  expect(after.recall(['a'])).toMatchObject(session)
  expect(after.takeLate()).toEqual({ a: 'Print works' })
  expect(after.takeLate()).toEqual({})
  expect(after.recall(['a'])).toMatchObject(session)
})

test('without a session nothing is remembered', () => {
  const memory = new SessionMemory(storage(), 'form')

  memory.keepLate({ a: '1' })

  expect(memory.takeLate()).toEqual({})
})
