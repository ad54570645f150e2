import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { parseBody, readAs } from './read.js'
import { metadataObject, nameText, whole } from './shapes.js'

describe('a body', () => {
  test.each(['', '{', 'NaN', 'x'])('%j is not JSON', (text) => {
    expect(() => parseBody(text)).toThrow('body is not JSON')
  })

  test.each(['[1]', '1', 'null', '"x"'])('%s is not an object', (text) => {
    expect(() => parseBody(text)).toThrow('body must be an object')
  })

  test('nested beyond all reason is refused before anything walks it', () => {
    const text = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`

    expect(() => parseBody(text)).toThrow('body is nested too deep')
    expect(() => readAs(metadataObject(), JSON.parse(text), 'payload')).toThrow('payload is nested too deep')
    expect(metadataObject().safeParse(JSON.parse(text)).success).toBe(false)
  })
})

const schema = z.strictObject({
  list: z.array(z.strictObject({ n: whole })).check(z.minLength(1), z.maxLength(2)),
  text: z.optional(nameText(3)),
  kind: z.optional(z.enum(['a', 'b'])),
  meta: z.optional(metadataObject({ depth: 3, metadataBytes: 10 })),
})

describe('a refusal names the member and what is wrong with it', () => {
  test.each([
    [1, 'payload must be an object'],
    [{}, 'list is required'],
    [{ list: {} }, 'list must be an array'],
    [{ list: [] }, 'list must not be empty'],
    [{ list: [{ n: 1 }, { n: 1 }, { n: 1 }] }, 'list must have at most 2 elements'],
    [{ list: [{ n: 1 }, { n: '1' }] }, 'list[1].n must be a number'],
    [{ list: [{ n: -1 }] }, 'list[0].n must be at least 0'],
    [{ list: [{ n: 1.5 }] }, 'list[0].n must be a whole number'],
    [{ list: [{ n: 1, x: 1 }] }, 'list[0] has unknown members: x'],
    [{ list: [{ n: 1 }], y: 1, z: 1 }, 'payload has unknown members: y, z'],
    [{ list: [{ n: 1 }], text: 'abcd' }, 'text must have at most 3 characters'],
    [{ list: [{ n: 1 }], text: 'a\0' }, 'text has characters that cannot be stored'],
    [{ list: [{ n: 1 }], text: '\ud800' }, 'text has characters that cannot be stored'],
    [{ list: [{ n: 1 }], kind: 'c' }, 'kind must be one of: a, b'],
    [{ list: [{ n: 1 }], meta: [] }, 'meta must be an object'],
    [{ list: [{ n: 1 }], meta: { a: { b: { c: {} } } } }, 'meta is nested too deep'],
  ])('%j: %s', (value, message) => {
    expect(() => readAs(schema, value, 'payload')).toThrow(
      expect.objectContaining({ code: 'threads.invalid_request', message }),
    )
  })

  test('too many bytes are a refusal of their own', () => {
    expect(() => readAs(schema, { list: [{ n: 1 }], meta: { a: 'bcdef' } }, 'payload')).toThrow(
      expect.objectContaining({
        code: 'threads.payload_too_large',
        message: 'meta is larger than 10 bytes',
        details: { member: 'meta' },
      }),
    )
  })

  test('and stays short, whatever was sent', () => {
    const attempt = () => readAs(schema, { list: [{ n: 1 }], ['x'.repeat(10_000)]: 1 }, 'payload')

    expect(attempt).toThrow(/^payload has unknown members: x{200,300}…$/)
  })
})
