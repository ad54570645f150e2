import { describe, expect, test } from 'vitest'
import { EventDraft } from './draft.js'
import { text } from './parts.js'

const content = [text('a')]

test('everything but the content may be absent or null', () => {
  expect(EventDraft.parse({ content })).toEqual({ content })
  expect(EventDraft.parse({ content, client_id: null, metadata: null, recipients: null })).toEqual({
    content,
    client_id: null,
    metadata: undefined,
    recipients: null,
  })
})

test('the longest client id and the largest metadata are taken', () => {
  const metadata = { a: 'x'.repeat(64 * 1024 - 8) }
  const draft = { content, client_id: 'c'.repeat(128), metadata }

  expect(EventDraft.parse(draft)).toEqual(draft)
})

describe('refused:', () => {
  test.each([
    {},
    { content: [] },
    { content: 'a' },
    { content: ['a'] },
    { content, extra: 1 },
    { content, client_id: '' },
    { content, client_id: 'c'.repeat(129) },
    { content, client_id: 1 },
    { content, client_id: 'a\0' },
    { content, metadata: [] },
    { content, metadata: { a: 'x'.repeat(64 * 1024 - 7) } },
    { content, recipients: 'a' },
    { content, recipients: [''] },
    { content, recipients: Array(1001).fill('a') },
  ])('%#', (draft) => expect(EventDraft.safeParse(draft).success).toBe(false))
})
