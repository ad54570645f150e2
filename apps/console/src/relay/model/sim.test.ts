import type { SimChat, SimWorld } from '@parley/relay/protocol'
import { expect, it } from 'vitest'
import { chatTitle, commandIn, directChatOf, faultWords, groupChats, idOf, writersOf } from './sim.js'

const chat = (id: string, given: Partial<SimChat> = {}): SimChat => ({
  id,
  type: 'group',
  name: id,
  scopeId: null,
  parentId: null,
  members: null,
  ...given,
})
const ada = { id: 'ada', name: 'Ada' }
const bob = { id: 'bob', name: 'Bob' }

it.each([
  ['Ada Lovelace', 'ada-lovelace'],
  ['  #general! ', 'general'],
  ['Zoë', 'zoe'],
  ['日本', '日本'],
  ['!?', ''],
])('%s makes the id %s', (name, id) => {
  expect(idOf(name)).toBe(id)
})

it('chats are grouped, and threads stand below what they belong to', () => {
  const chats = [
    chat('t', { type: 'thread', parentId: 'general', scopeId: 'g1' }),
    chat('general', { scopeId: 'g1' }),
    chat('random', { scopeId: 'g1' }),
    chat('dm-ada', { type: 'dm', members: ['ada'] }),
    chat('loose'),
  ]
  const scopes = [{ id: 'g1', name: 'Guild', members: [] }]

  expect(
    groupChats({ chats, scopes }).map(({ title, chats: its }) => [title, its.map(({ id }) => id)]),
  ).toEqual([
    ['Direct', ['dm-ada']],
    ['Groups', ['loose']],
    ['Guild', ['general', 't', 'random']],
  ])
  expect(groupChats({ chats: [], scopes })).toEqual([])
  expect(chats.map(chatTitle)).toEqual(['↳ t', '#general', '#random', 'dm-ada', '#loose'])
})

it('in a direct chat its person writes, elsewhere everybody', () => {
  expect(writersOf(directChatOf(ada), [ada, bob])).toEqual([ada])
  expect(writersOf(chat('c'), [ada, bob])).toEqual([ada, bob])
})

it('a text is a command where the platform knows it', () => {
  const commands: SimWorld['commands'] = [
    { name: 'ask', description: '', options: [{ name: 'question' }, null, { name: 7 }] },
    { name: 'reset', description: '' },
  ]

  expect(commandIn('/ask what is up', commands)).toEqual({
    name: 'ask',
    options: [{ name: 'question', value: 'what is up' }],
  })
  expect(commandIn('/ask', commands)).toEqual({ name: 'ask' })
  expect(commandIn(' /reset now ', commands)).toEqual({ name: 'reset' })
  expect(commandIn('/other', commands)).toBeUndefined()
  expect(commandIn('say /ask', commands)).toBeUndefined()
})

it('faults are told in words, and none is no word', () => {
  const none = { outage: false, ambiguousShare: 0, duplicateShare: 0, reorderShare: 0, callsPerSecond: 0 }

  expect(faultWords(none)).toEqual([])
  expect(faultWords({ ...none, outage: true, duplicateShare: 0.25, callsPerSecond: 1 })).toEqual([
    'it is down',
    '25 % of messages come twice',
    '1 call a second',
  ])
})
