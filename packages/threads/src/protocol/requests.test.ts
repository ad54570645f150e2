import { describe, expect, test } from 'vitest'
import { text } from './parts.js'
import {
  parseAddMember,
  parseCreateThread,
  parseEventDraft,
  parseInvocation,
  parseMessageEdit,
  parseReadMark,
  parseThreadPatch,
  parseVerdict,
} from './requests.js'

const refused = (message: string | RegExp, code = 'threads.invalid_request') =>
  expect.objectContaining({
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })

describe('creating and changing a thread', () => {
  test('an absent or null member is the default, or not replaced', () => {
    for (const body of [{}, { tenant: null, metadata: null }, { other: 1 }]) {
      expect(parseCreateThread(body)).toEqual({ tenant: {}, metadata: {} })
      expect(parseThreadPatch(body)).toEqual({})
    }
  })

  test('what is given is taken whole, also when it is empty', () => {
    const body = { tenant: { org: 'A' }, metadata: { a: [1] } }

    expect(parseCreateThread(body)).toEqual(body)
    expect(parseThreadPatch(body)).toEqual(body)
    expect(parseThreadPatch({ tenant: {} })).toEqual({ tenant: {} })
  })

  test.each([
    [[], 'body must be an object'],
    [{ tenant: 'A' }, 'tenant must be an object'],
    [{ tenant: { org: 1 } }, 'tenant.org must be a string'],
    [{ metadata: [] }, 'metadata must be an object'],
  ])('%j is refused: %s', (body, message) => {
    expect(() => parseCreateThread(body)).toThrow(refused(message))
    expect(() => parseThreadPatch(body)).toThrow(refused(message))
  })

  test('metadata beyond 64 KiB is too large', () => {
    const metadata = { a: 'x'.repeat(65_536) }

    expect(() => parseCreateThread({ metadata })).toThrow(
      refused('metadata is larger than 65536 bytes', 'threads.payload_too_large'),
    )
  })
})

describe('adding a member', () => {
  const identity = { role: 'user', id: 'u_1', name: 'Ann', metadata: {} }

  test('the role is member unless it says otherwise', () => {
    expect(parseAddMember({ identity })).toEqual({ identity, role: 'member' })
    expect(parseAddMember({ identity, role: 'owner' })).toEqual({ identity, role: 'owner' })
  })

  test.each([
    [{}, 'identity is required'],
    [{ identity: { ...identity, role: 'robot' } }, 'identity.role must be one of: user, assistant, system'],
    [{ identity: { ...identity, extra: 1 } }, 'identity has unknown members: extra'],
    [{ identity: { ...identity, id: undefined } }, 'identity.id is required'],
    [{ identity, role: '' }, 'role must not be empty'],
  ])('%j is refused: %s', (body, message) => {
    expect(() => parseAddMember(body)).toThrow(refused(message))
  })
})

describe('invoking', () => {
  test('each assistant counts once, in the order asked', () => {
    expect(parseInvocation({ assistant_ids: ['b', 'a', 'b'], options: { any: 1 } })).toEqual({
      assistantIds: ['b', 'a'],
      ifActive: 'return',
    })
  })

  test('takes a key, and what to do while one runs', () => {
    const body = { assistant_ids: ['a'], idempotency_key: 'k'.repeat(255), if_active: 'queue' }

    expect(parseInvocation(body)).toEqual({
      assistantIds: ['a'],
      idempotencyKey: body.idempotency_key,
      ifActive: 'queue',
    })
    expect(parseInvocation({ assistant_ids: ['a'], idempotency_key: null, if_active: null })).toEqual({
      assistantIds: ['a'],
      ifActive: 'return',
    })
  })

  test.each([
    [{}, 'assistant_ids is required'],
    [{ assistant_ids: 'a' }, 'assistant_ids must be an array'],
    [{ assistant_ids: [] }, 'assistant_ids must not be empty'],
    [{ assistant_ids: ['a', ''] }, 'assistant_ids[1] must not be empty'],
    [{ assistant_ids: [1] }, 'assistant_ids[0] must be a string'],
    [{ assistant_ids: Array(33).fill('a') }, 'assistant_ids must have at most 32 elements'],
    [{ assistant_ids: ['a'], idempotency_key: '' }, 'idempotency_key must not be empty'],
    [
      { assistant_ids: ['a'], idempotency_key: 'k'.repeat(256) },
      'idempotency_key must have at most 255 characters',
    ],
    [{ assistant_ids: ['a'], idempotency_key: 1 }, 'idempotency_key must be a string'],
    [{ assistant_ids: ['a'], if_active: 'stop' }, 'if_active must be one of: return, queue, refuse'],
  ])('%j is refused: %s', (body, message) => {
    expect(() => parseInvocation(body)).toThrow(refused(message))
  })
})

describe('sending and editing', () => {
  const picture = { type: 'image', url: 's3://bucket/a', mime: 'image/png' }

  test('a draft keeps the shape of the wire', () => {
    const draft = { client_id: 'c1', content: [text('a')], metadata: { a: 1 }, recipients: ['u_1'] }

    expect(parseEventDraft(draft)).toEqual(draft)
    expect(parseMessageEdit({ content: [text('b')], other: 1 })).toEqual({ content: [text('b')] })
  })

  test.each([
    [undefined, 'body is required'],
    [{ content: [] }, 'content must not be empty'],
    [{ content: Array(65).fill(text('a')) }, 'content must have at most 64 elements'],
    [{ content: [{ type: 'video' }] }, 'content[0].type must be one of: text, image, audio, document, form'],
    [{ content: [text('a'), picture] }, 'content[1].url must be a URL with an allowed scheme'],
  ])('%j is refused: %s', (body, message) => {
    expect(() => parseEventDraft(body)).toThrow(refused(message))
    expect(() => parseMessageEdit(body)).toThrow(refused(message))
  })

  test('a text beyond 256 KiB is too large', () => {
    expect(() => parseEventDraft({ content: [text('x'.repeat(262_145))] })).toThrow(
      refused('content[0].text is larger than 262144 bytes', 'threads.payload_too_large'),
    )
  })

  test('a draft refuses what it does not know', () => {
    expect(() => parseEventDraft({ content: [text('a')], draft: {} })).toThrow(
      refused('body has unknown members: draft'),
    )
  })

  test('each application has its own schemes', () => {
    const urlSchemes = ['s3']

    expect(parseEventDraft({ content: [picture] }, { urlSchemes }).content).toEqual([picture])
    expect(parseMessageEdit({ content: [picture] }, { urlSchemes }).content).toEqual([picture])
    expect(() => parseEventDraft({ content: [picture] }, { urlSchemes: ['ipfs'] })).toThrow(
      refused(/scheme$/),
    )
  })
})

describe('marking as read', () => {
  test.each([0, 1, 2 ** 40])('up to %d', (seq) => expect(parseReadMark({ seq })).toEqual({ seq }))

  test.each([undefined, null, -1, 1.5, '1'])('never up to %j', (seq) => {
    expect(() => parseReadMark({ seq })).toThrow(refused(/^seq /))
  })
})

describe('approving', () => {
  test.each([{}, { reason: null }])('%j gives no reason', (body) => {
    expect(parseVerdict(body)).toEqual({ reason: null })
  })

  test.each(['', 'x'.repeat(2_000)])('for a reason of any kind', (reason) => {
    expect(parseVerdict({ reason })).toEqual({ reason })
  })

  test.each([1, {}, 'x'.repeat(2_001)])('never for %j', (reason) => {
    expect(() => parseVerdict({ reason })).toThrow(refused(/^reason /))
  })
})
