import { describe, expect, test } from 'vitest'
import { parseEventQuery, parseRunQuery, parseThreadQuery } from './paging.js'

const threads = (query: string) => parseThreadQuery(new URLSearchParams(query))
const runs = (query: string) => parseRunQuery(new URLSearchParams(query))
const events = (query: string) => parseEventQuery(new URLSearchParams(query))
const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'threads.invalid_request', message: expect.stringMatching(message) })

test('each list has its own default', () => {
  expect(threads('')).toEqual({ limit: 50, memberOnly: false, unread: false })
  expect(runs('')).toEqual({ limit: 50, activeOnly: false })
  expect(events('')).toEqual({ limit: 100, order: 'asc' })
})

describe('every list', () => {
  const lists = [threads, runs, events]

  test.each([
    ['1', 1],
    ['500', 500],
    ['501', 500],
    ['9'.repeat(400), 500],
  ])('take a limit of %s as %i', (limit, taken) => {
    for (const read of lists) expect(read(`limit=${limit}`).limit).toBe(taken)
  })

  test.each(['0', '-1', '1.5', '1e2', 'x', '', '%201', 'NaN'])('refuse the limit "%s"', (limit) => {
    for (const read of lists)
      expect(() => read(`limit=${limit}`)).toThrow(refused(/^limit must be a whole number from 1/))
  })

  test.each([
    '2026-04-01T10:00:00.000001Z',
    '2026-04-01T10:00:00%2B00:00',
    // A `+` that was not encoded.
    '2026-04-01T10:00:00+00:00',
  ])('take the cursor of %s', (time) => {
    const cursor = { created_at: decodeURIComponent(time.replaceAll('+', ' ')), id: 'x' }

    for (const read of lists) expect(read(`cursor_created_at=${time}&cursor_id=x`)).toMatchObject({ cursor })
  })

  test.each([
    ['cursor_id=x', /go together/],
    ['cursor_created_at=2026-04-01T10:00:00Z', /go together/],
    ['cursor_created_at=now&cursor_id=x', /^created_at must be an ISO-8601 time/],
    ['cursor_created_at=&cursor_id=', /^created_at /],
    ['cursor_created_at=2026-04-01T10:00:00Z&cursor_id=', /^id must not be empty/],
    ['cursor_created_at=2026-04-01T10:00:00Z&cursor_id=%00', /^id /],
  ])('refuse %s', (query, message) => {
    for (const read of lists) expect(() => read(query)).toThrow(refused(message))
  })
})

test.each([
  ['unread', (query: string) => threads(query).unread],
  ['active', (query: string) => runs(query).activeOnly],
])('%s is true or false', (name, read) => {
  expect([read(`${name}=true`), read(`${name}=false`)]).toEqual([true, false])
  for (const text of ['', '1', 'TRUE', 'yes'])
    expect(() => read(`${name}=${text}`)).toThrow(refused(new RegExp(`^${name} must be one of: true, false`)))
})

test('threads may be only those of the caller', () => {
  expect(threads('member=me').memberOnly).toBe(true)
  expect(() => threads('member=u_1')).toThrow(refused(/^member /))
})

describe('events', () => {
  test('are filtered and ordered', () => {
    expect(events('order=desc&types=message,no.such&after_seq=7&limit=5')).toEqual({
      limit: 5,
      order: 'desc',
      types: ['message', 'no.such'],
      afterSeq: 7,
    })
    expect(events('after_seq=0').afterSeq).toBe(0)
  })

  test('with an empty list of types match nothing', () => expect(events('types=').types).toEqual(['']))

  test.each(['order=up', 'order=', 'after_seq=-1', 'after_seq=x', 'after_seq='])('refuse %s', (query) => {
    expect(() => events(query)).toThrow(refused(/^(order|after_seq) /))
  })
})
