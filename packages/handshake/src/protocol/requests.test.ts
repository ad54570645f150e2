import { describe, expect, test } from 'vitest'
import {
  parseActionRequest,
  parseBody,
  parseClaimRequest,
  parseCreateRequest,
  parseEditRequest,
  parseExtendRequest,
} from './requests.js'

describe('a body', () => {
  test('that is empty means no members', () => {
    expect(parseBody('')).toEqual({})
    expect(parseBody(' \n')).toEqual({})
  })

  test.each(['{', 'NaN', '{"a":NaN}', 'x'])('%j is malformed', (text) => {
    expect(() => parseBody(text)).toThrow('malformed JSON')
  })

  test.each(['[1]', '1', 'null', '"x"'])('%s is not an object', (text) => {
    expect(() => parseBody(text)).toThrow('request body must be a JSON object')
  })

  test('nested beyond all reason is refused before anything walks it', () => {
    expect(() => parseBody(`{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`)).toThrow('value too deep')
  })
})

describe('creating', () => {
  test('has a default for everything', () => {
    expect(parseCreateRequest({})).toEqual({
      mode: 'default',
      schema: [],
      fields: [],
      context: {},
      data: {},
      meta: {},
      sealed: false,
    })
  })

  test('keeps the schema as it was sent', () => {
    const schema = [{ key: 'a', type: 'enum', options: ['x'], extra: { y: 1 } }]
    expect(parseCreateRequest({ schema }).schema).toBe(schema)
  })

  test.each([
    [{ mode: 1 }, 'mode must be a string'],
    [{ schema: null }, 'schema must be an array'],
    [{ schema: [1] }, 'schema field 0: must be an object'],
    [{ context: [] }, 'context must be an object'],
    [{ data: 'x' }, 'data must be an object'],
    [{ meta: [] }, 'meta must be an object'],
    [{ sealed: 'yes' }, 'sealed must be a boolean'],
    [{ context: JSON.parse('{"__proto__":1}') }, 'invalid key'],
    [{ context: { a: 'x'.repeat(70_000) } }, 'value too large'],
    [{ meta: { a: 'x'.repeat(70_000) } }, 'value too large'],
  ])('%j is refused: %s', (body, text) => expect(() => parseCreateRequest(body)).toThrow(text))

  test('more keys than a session holds are refused', () => {
    const context = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`k${n}`, n]))
    expect(() => parseCreateRequest({ context })).toThrow('too many keys')
  })
})

describe('writing', () => {
  test('defaults to a streamed, empty batch at 300 ms', () => {
    expect(parseActionRequest({})).toEqual({ actions: [], stream: true, intervalMs: 300 })
  })

  test('a negative interval is none', () => expect(parseActionRequest({ intervalMs: -1 }).intervalMs).toBe(0))

  test.each([
    [{ actions: null }, 'actions must be an array'],
    [{ actions: {} }, 'actions must be an array'],
    [{ intervalMs: 'a' }, 'intervalMs must be a number'],
    [{ intervalMs: null }, 'intervalMs must be a number'],
    [{ actions: Array(501).fill({}) }, 'too many actions'],
  ])('a batch is refused: %#', (body, text) => expect(() => parseActionRequest(body)).toThrow(text))

  test('a user edit needs a key; an absent value is null', () => {
    expect(parseEditRequest({ key: 'a' })).toEqual({ key: 'a', value: null })
    expect(() => parseEditRequest({})).toThrow('key is required')
    expect(() => parseEditRequest({ key: null })).toThrow('key is required')
    expect(() => parseEditRequest({ key: 1 })).toThrow('invalid key')
  })
})

describe('extending', () => {
  test.each([
    [undefined, 1800],
    [60, 60],
    [1.9, 1],
    ['60', 60],
    [86_400, 86_400],
  ])('%j means %i seconds', (extraSeconds, seconds) => {
    expect(parseExtendRequest(extraSeconds === undefined ? {} : { extraSeconds })).toEqual({
      extraSeconds: seconds,
    })
  })

  test.each([0, 0.9, 86_401, -5, 'x', '', '-1', '1.5', null, true, [60], '9'.repeat(400)])(
    '%j is refused',
    (value) => {
      expect(() => parseExtendRequest({ extraSeconds: value })).toThrow(
        'extraSeconds must be between 1 and 86400',
      )
    },
  )
})

describe('claiming', () => {
  test('cleans and shortens what is shown to the user', () => {
    expect(parseClaimRequest({ label: ' a\u0000b\nc ', agent: '😀'.repeat(90) })).toEqual({
      label: 'a b c',
      agent: '😀'.repeat(80),
    })
    expect(parseClaimRequest({ label: 7 })).toEqual({ label: '', agent: '' })
  })

  test('takes a nonce of 22 to 128 url-safe characters', () => {
    expect(parseClaimRequest({ nonce: 'a'.repeat(22) }).nonce).toBe('a'.repeat(22))
    for (const nonce of ['a'.repeat(21), 'a'.repeat(129), '+'.repeat(22), 5]) {
      expect(() => parseClaimRequest({ nonce })).toThrow('nonce must be 22 to 128 url-safe characters')
    }
  })
})
