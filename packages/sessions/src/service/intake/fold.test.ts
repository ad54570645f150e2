import { expect, test } from 'vitest'
import type { SessionChange, SessionRow } from '../../store/port.js'
import { sessionRow } from '../hosts/hosts.test.support.js'
import { fold } from './fold.js'

const row = sessionRow()
const item = { queueId: 'q', text: 'next', enqueuedAt: 't', position: 3 }
const queue = { processing: true, paused: false, items: [item], size: 9 }
const prompt = (text: string) => ({
  method: 'session/prompt',
  phase: 'request',
  payload: { prompt: [{ type: 'text', text }] },
})
const commands = (availableCommands: unknown) => ({
  method: 'session/update',
  phase: 'notification',
  payload: { update: { sessionUpdate: 'available_commands_update', availableCommands } },
})

test.each<[string, Partial<SessionRow>, string, Record<string, unknown>, SessionChange]>([
  ['a first prompt', {}, 'rpc', prompt('Fix it'), { processing: true, title: 'Fix it' }],
  ['a later prompt', { title: 'First' }, 'rpc', prompt('Again'), { processing: true }],
  [
    'a long prompt',
    {},
    'rpc',
    prompt('😀'.repeat(121)),
    { processing: true, title: `${'😀'.repeat(120)}...` },
  ],
  ['a prompt of 120', {}, 'rpc', prompt('x'.repeat(120)), { processing: true, title: 'x'.repeat(120) }],
  ['a prompt without text', {}, 'rpc', { method: 'session/prompt', phase: 'request' }, { processing: true }],
  [
    'the end of a turn',
    { processing: true },
    'rpc',
    { method: 'session/prompt', phase: 'response' },
    { processing: false },
  ],
  ['an update', {}, 'rpc', { method: 'session/update', phase: 'notification', payload: { update: {} } }, {}],
  [
    'commands',
    {},
    'rpc',
    commands([{ name: 'review', description: 'd', input: null }, { name: 'plain' }, 7, null]),
    {
      commands: [
        { name: 'review', description: 'd' },
        { name: 'plain', description: '' },
      ],
    },
  ],
  ['commands that are none', {}, 'rpc', commands('no'), { commands: [] }],
  [
    'a queue',
    {},
    'queue.updated',
    queue,
    {
      processing: true,
      queue: { processing: true, paused: false, items: [{ ...item, position: 0 }], size: 1 },
    },
  ],
  ['a queue that is none', {}, 'queue.updated', { items: [1] }, {}],
  ['a pause', { queue }, 'queue.paused', {}, { queue: { ...queue, paused: true } }],
  [
    'a pause without a queue',
    {},
    'queue.paused',
    {},
    { queue: { processing: false, paused: true, items: [], size: 0 } },
  ],
  ['the end of a pause', { queue: { ...queue, paused: true } }, 'queue.resumed', {}, { queue }],
  [
    'an exit',
    { processing: true },
    'session.terminated',
    { exitCode: 7 },
    {
      status: 'killed',
      processing: false,
      queue: null,
      end: { reason: 'agent_exit', exitCode: 7, message: null },
    },
  ],
  [
    'an end with a reason',
    {},
    'session.terminated',
    { exitCode: -1, reason: 'idle_timeout', message: 'quiet' },
    {
      status: 'killed',
      processing: false,
      queue: null,
      end: { reason: 'idle_timeout', exitCode: -1, message: 'quiet' },
    },
  ],
  [
    'an end with nonsense',
    {},
    'session.terminated',
    { exitCode: 'x', reason: 'why not', message: 4 },
    {
      status: 'killed',
      processing: false,
      queue: null,
      end: { reason: 'agent_exit', exitCode: null, message: null },
    },
  ],
  ['an end of turn by callback', { processing: true }, 'end_turn', {}, { processing: false }],
  ['anything else', {}, 'filesystem.changed', { changes: [] }, {}],
  ['a prompt after the end', { status: 'killed' }, 'rpc', prompt('late'), {}],
  ['a second end', { status: 'killed' }, 'session.terminated', { exitCode: 0 }, {}],
])('%s', (_, more, type, data, expected) => {
  expect(fold({ ...row, ...more }, { type, data, timestamp: 't' })).toEqual(expected)
})
