// @vitest-environment happy-dom
import type { SimMessage, SimWorld } from '@parley/relay/protocol'
import { act, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { cleanUpAfterEach } from '../render.test.support.js'
import { fakeRelay, renderRelay } from './fake-relay.test.support.js'
import { useSimulator } from './use-simulator.js'

cleanUpAfterEach()

const bot = { platform: 'telegram', botId: '7' }
const world: SimWorld = {
  users: [{ id: 'ada', name: 'Ada' }],
  scopes: [],
  chats: [],
  commands: [],
  typing: [],
  faults: { outage: false, ambiguousShare: 0, duplicateShare: 0, reorderShare: 0, callsPerSecond: 0 },
}
const message = (id: string, text: string): SimMessage => ({
  id,
  chatId: 'c',
  userId: 'ada',
  text,
  at: 1,
  isEdited: false,
  isDeleted: false,
  replyTo: null,
  options: [],
  media: [],
  reactions: [],
})

function open(chatId: string | undefined = 'c') {
  const fake = fakeRelay()
  fake.answers.set('sim.world', world)
  fake.answers.set('sim.messages', [message('m1', 'Hi')])
  return renderRelay((id: string | undefined) => useSimulator(bot, { chatId: id }), chatId, fake)
}

test('the world and the messages of a chat are read, and again when something happens there', async () => {
  const { result, fake } = open()
  expect(result.current).toMatchObject({ world: undefined, messages: [], isLoading: true })
  await waitFor(() => expect(result.current.isLoading).toBe(false))
  expect(result.current).toMatchObject({ world, messages: [{ id: 'm1' }], error: undefined })
  expect(fake.callsOf('sim')[0]).toEqual([bot])
  expect(fake.callsOf('sim.messages')[0]).toEqual([{ chatId: 'c', limit: 200 }])

  fake.answers.set('sim.messages', [message('m1', 'Hi'), message('m2', 'Hello')])
  await act(async () => fake.tell('sim'))
  await waitFor(() => expect(result.current.messages).toHaveLength(2))
})

test('another chat shows its own messages, none shows none', async () => {
  const { result, fake, rerender } = open()
  await waitFor(() => expect(result.current.messages).toHaveLength(1))
  fake.answers.set('sim.messages', [message('m9', 'There')])
  rerender('d')
  expect(result.current.messages).toEqual([])
  await waitFor(() => expect(result.current.messages).toMatchObject([{ id: 'm9' }]))
  expect(fake.callsOf('sim.messages').at(-1)).toEqual([{ chatId: 'd', limit: 200 }])

  const asked = fake.callsOf('sim.messages').length
  rerender(undefined)
  expect(result.current).toMatchObject({ messages: [], isLoading: false })
  expect(fake.callsOf('sim.messages')).toHaveLength(asked)
})

test.each([
  ['say', { userId: 'ada', chatId: 'c', text: 'Hello' }],
  ['press', { userId: 'ada', chatId: 'c', messageId: 'm1', optionId: 'yes' }],
  ['command', { userId: 'ada', chatId: 'c', name: 'ask' }],
  ['addUser', { id: 'bob', name: 'Bob' }],
  ['addScope', { id: 'g', name: 'Guild', members: [] }],
  ['addChat', { id: 'd', type: 'group', name: 'd', scopeId: null, parentId: null, members: null }],
  ['faults', { outage: true }],
] as const)('after %s everything is read again', async (name, given) => {
  const { result, fake } = open()
  await waitFor(() => expect(result.current.isLoading).toBe(false))
  fake.answers.set(`sim.${name}`, 'done')
  fake.answers.set('sim.messages', [message('m2', 'New')])

  // The cast: each is given what it takes.
  const doIt = result.current[name] as (given: unknown) => Promise<unknown>
  expect(await act(() => doIt(given))).toBe('done')

  expect(fake.callsOf(`sim.${name}`)).toEqual([[given]])
  expect(result.current.messages).toMatchObject([{ id: 'm2' }])
})

test('a refusal is thrown to who asked; what can not be read is told', async () => {
  const { result, fake } = open()
  await waitFor(() => expect(result.current.isLoading).toBe(false))
  fake.failures.set('sim.say', new Error('refused'))
  await expect(result.current.say({ userId: 'ada', chatId: 'c', text: 'x' })).rejects.toThrow('refused')

  fake.failures.set('sim.world', new Error('gone'))
  await act(async () => fake.tell('sim'))
  await waitFor(() => expect(result.current.error).toEqual(new Error('gone')))
  expect(result.current.world).toEqual(world)
})
