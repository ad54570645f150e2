import { describe, expect, test } from 'vitest'
import { ContentPart, contentPartSchema, contentSchema, text } from './parts.js'
import { ReceivedPart } from './received-part.js'

const file = { url: 'https://files.example/a', mime: 'x/y' }
const form = { type: 'form', form_id: 'f', schema: { type: 'object' }, status: 'pending' }

describe('taken as sent:', () => {
  test.each([
    text('hello'),
    text(''),
    { type: 'image', ...file },
    { type: 'image', ...file, name: 'a', size: 0 },
    { type: 'image', ...file, name: null, size: null },
    { type: 'audio', ...file, name: 'a', size: 1, duration_ms: 0 },
    { type: 'document', ...file, name: 'a', size: 1 },
    form,
    {
      ...form,
      status: 'submitted',
      values: { a: 1 },
      answers_event_id: 'evt_1',
      title: 'T',
      description: 'D',
    },
    { ...form, status: 'cancelled' },
  ])('%j', (part) => expect(ContentPart.parse(part)).toEqual(part))
})

describe('refused:', () => {
  test.each([
    'text',
    {},
    { type: 'video', ...file },
    { type: 'text' },
    { type: 'text', text: 1 },
    { type: 'text', text: 'a', extra: 1 },
    { type: 'image', mime: 'x/y' },
    { type: 'image', ...file, url: '' },
    { type: 'image', ...file, url: 'javascript:alert(1)' },
    { type: 'image', ...file, url: 'data:image/png;base64,AA' },
    { type: 'image', ...file, url: `https://a/${'x'.repeat(8192)}` },
    { type: 'image', ...file, mime: '' },
    { type: 'image', ...file, size: -1 },
    { type: 'image', ...file, size: 1.5 },
    { type: 'image', ...file, size: '1' },
    { type: 'image', ...file, duration_ms: 1 },
    { type: 'audio', ...file, duration_ms: -1 },
    { ...form, form_id: '' },
    { ...form, schema: [] },
    { ...form, schema: undefined },
    { ...form, status: 'done' },
    { ...form, values: [] },
    { ...form, extra: 1 },
  ])('%j', (part) => expect(ContentPart.safeParse(part).success).toBe(false))
})

test('an application allows further schemes of URLs', () => {
  const part = { type: 'image', ...file, url: 's3://bucket/a' }

  expect(ContentPart.safeParse(part).success).toBe(false)
  expect(contentPartSchema({ urlSchemes: ['s3'] }).parse(part)).toEqual(part)
})

test('a text has at most 256 KiB of UTF-8', () => {
  expect(ContentPart.safeParse(text('ü'.repeat(128 * 1024))).success).toBe(true)
  expect(ContentPart.safeParse(text(`${'ü'.repeat(128 * 1024)}a`)).success).toBe(false)
})

test('content has 1 to 64 parts', () => {
  const counts = [0, 1, 64, 65].map(
    (count) => contentSchema().safeParse(Array(count).fill(text('a'))).success,
  )

  expect(counts).toEqual([false, true, true, false])
})

describe('what a server sends', () => {
  test.each([
    { type: 'text', text: 'a', annotations: [1] },
    { type: 'image', ...file, url: 's3://bucket/a', alt: 'x' },
    { type: 'video', anything: 1 },
    { ...form, more: true },
  ])('is kept whole: %j', (part) => expect(ReceivedPart.parse(part)).toEqual(part))

  test.each([{ type: 'text' }, { type: 'image', mime: 'x/y' }, {}, 'text'])(
    'is refused when a part of a known type is broken: %j',
    (part) => expect(ReceivedPart.safeParse(part).success).toBe(false),
  )
})
