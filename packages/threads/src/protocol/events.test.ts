import { describe, expect, test } from 'vitest'
import { isKnownEvent, parseEvent, ThreadEvent } from './events.js'
import { user } from './identity.js'

const common = {
  id: 'evt_1',
  thread_id: 'th_1',
  seq: 1,
  author: user({ id: 'u_1', name: 'Ann' }),
  created_at: '2026-04-01T10:00:00.000000Z',
}
const absent = { run_id: null, metadata: {}, client_id: null, recipients: null }
const message = { ...common, type: 'message', content: [{ type: 'text', text: 'a' }] }

test('members that are absent are null, and metadata an object', () => {
  expect(parseEvent(message)).toEqual({ ...message, ...absent })
  expect(parseEvent({ ...message, metadata: null })).toEqual({ ...message, ...absent })
})

test('the answer of a tool may lack its result or its error', () => {
  const event = { ...common, type: 'tool.result', tool: { id: 'call_1' } }

  expect(parseEvent(event)).toMatchObject({ tool: { id: 'call_1', result: null, error: null } })
})

describe('what this version does not know is kept:', () => {
  test('members, at every level', () => {
    const event = {
      ...message,
      ...absent,
      author: { ...common.author, avatar: 'x' },
      content: [{ type: 'text', text: 'a', bold: true }, { type: 'poll' }],
      pinned: true,
    }

    expect(parseEvent(event)).toEqual(event)
    expect(ThreadEvent.parse(event)).toEqual(event)
  })

  test('types, told apart from those it knows', () => {
    const poll = { ...common, ...absent, type: 'poll.closed', votes: 3 }

    expect(parseEvent(poll)).toEqual(poll)
    expect([isKnownEvent(parseEvent(poll)), isKnownEvent(parseEvent(message))]).toEqual([false, true])
    expect(ThreadEvent.safeParse(poll).success).toBe(false)
  })
})

describe('refused:', () => {
  test.each([
    null,
    'message',
    { ...message, type: undefined },
    { ...message, id: undefined },
    { ...message, seq: 0 },
    { ...message, author: undefined },
    { ...message, content: 'a' },
    { ...message, content: [{ type: 'text' }] },
    { ...common, type: 'reasoning', content: [] },
    { ...common, type: 'tool.call', tool: { id: 'c' } },
    { ...common, type: 'tool.result', tool: { id: 'c', error: 'text' } },
    { ...common, type: 'thread.tenant_changed', from: {}, to: { org: 1 } },
    { ...common, type: 'run.failed' },
    { ...common, type: 'message.edited', content: [] },
    { ...common, type: 'message.deleted' },
  ])('%#', (value) => expect(() => parseEvent(value)).toThrow())
})
