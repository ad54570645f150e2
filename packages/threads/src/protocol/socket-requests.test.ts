import { describe, expect, test } from 'vitest'
import { text } from './parts.js'
import {
  parseCancelPayload,
  parseEditPayload,
  parseEventPayload,
  parseInvokePayload,
  parseJoinPayload,
  parseReadPayload,
  parseSendPayload,
  parseThreadPayload,
  parseToolCallPayload,
} from './socket-requests.js'

const refused = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'threads.invalid_request',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })

const readers = [
  parseThreadPayload,
  parseJoinPayload,
  parseSendPayload,
  parseInvokePayload,
  parseCancelPayload,
  parseReadPayload,
  parseEventPayload,
  parseEditPayload,
  parseToolCallPayload,
]

test('a payload that is no object is refused, never a fault', () => {
  for (const read of readers)
    for (const payload of [undefined, null, 'th_1', 1, true, [], () => undefined])
      expect(() => read(payload)).toThrow(refused(/^payload /))
})

describe('joining', () => {
  const since = { created_at: '2026-04-01T10:00:00+02:00', id: 'evt_1' }

  test.each([
    [{}, undefined],
    [{ since: null }, undefined],
    [{ since }, since],
    [{ since: { seq: 0 } }, { seq: 0 }],
    [{ since: { ...since, seq: 7 } }, { seq: 7 }],
    [{ since: { ...since, seq: null } }, since],
  ])('%j goes on after %j', (payload, cursor) => {
    expect(parseJoinPayload({ thread_id: 'th_1', ...payload })).toEqual({
      threadId: 'th_1',
      ...(cursor && { since: cursor }),
    })
  })

  test.each([
    {},
    { created_at: since.created_at },
    { id: 'evt_1' },
    { created_at: 'now', id: 'evt_1' },
    { created_at: since.created_at, id: '' },
    { seq: -1 },
    { seq: '1' },
    { seq: 1.5 },
    { ...since, seq: 'x' },
  ])('since %j is refused', (cursor) => {
    expect(() => parseJoinPayload({ thread_id: 'th_1', since: cursor })).toThrow(
      refused('since must be {seq}, or {created_at, id} with an ISO-8601 time'),
    )
  })

  test.each([undefined, null, '', 1, 'a\0', 'x'.repeat(256)])('the thread %j is refused', (thread_id) => {
    expect(() => parseJoinPayload({ thread_id })).toThrow(refused(/^thread_id /))
  })
})

test('sending names the thread and holds a draft', () => {
  const draft = { content: [text('a')], client_id: 'c' }

  expect(parseSendPayload({ thread_id: 'th_1', draft })).toEqual({ threadId: 'th_1', draft })
})

test.each([
  [{ thread_id: 'th_1' }, 'draft is required'],
  [{ thread_id: 'th_1', draft: 'a' }, 'draft must be an object'],
  [{ thread_id: 'th_1', draft: { content: [] } }, 'draft.content must not be empty'],
  [{ thread_id: 'th_1', draft: { content: [text('a')], x: 1 } }, 'draft has unknown members: x'],
  [{ draft: { content: [text('a')] } }, 'thread_id is required'],
])('sending %j is refused: %s', (payload, message) => {
  expect(() => parseSendPayload(payload)).toThrow(refused(message))
})

test('invoking, cancelling and marking name what they are about', () => {
  const invoke = { thread_id: 'th_1', assistant_ids: ['a'], idempotency_key: 'k' }

  expect(parseInvokePayload(invoke)).toEqual({
    threadId: 'th_1',
    assistantIds: ['a'],
    idempotencyKey: 'k',
    ifActive: 'return',
  })
  expect(parseCancelPayload({ run_id: 'run_1' })).toEqual({ runId: 'run_1' })
  expect(parseReadPayload({ thread_id: 'th_1', seq: 3 })).toEqual({ threadId: 'th_1', seq: 3 })
  expect(parseThreadPayload({ thread_id: 'th_1' })).toEqual({ threadId: 'th_1' })
})

test('approving names a call, whose id may be any text', () => {
  expect(parseToolCallPayload({ thread_id: 'th_1', call_id: 'call 1/2', reason: 'x' })).toEqual({
    threadId: 'th_1',
    callId: 'call 1/2',
  })
  for (const call_id of [undefined, null, '', 1])
    expect(() => parseToolCallPayload({ thread_id: 'th_1', call_id })).toThrow(refused(/^call_id /))
})

test('editing and deleting name a message, and new content is read as that of a message is', () => {
  const message = { thread_id: 'th_1', event_id: 'evt_1' }

  expect(parseEventPayload(message)).toEqual({ threadId: 'th_1', eventId: 'evt_1' })
  expect(parseEditPayload({ ...message, content: [text('a')] })).toEqual({
    threadId: 'th_1',
    eventId: 'evt_1',
    content: [text('a')],
  })
  const image = [{ type: 'image', url: 'gs://x', mime: 'image/png' }]
  expect(() => parseEditPayload({ ...message, content: image })).toThrow(refused(/^content\[0\].url /))
  expect(parseEditPayload({ ...message, content: image }, { urlSchemes: ['gs'] }).content).toEqual(image)
  for (const content of [undefined, [], 'a'])
    expect(() => parseEditPayload({ ...message, content })).toThrow(refused(/^content /))
  for (const event_id of [undefined, null, '', 1, 'a\0'])
    expect(() => parseEventPayload({ thread_id: 'th_1', event_id })).toThrow(refused(/^event_id /))
})
