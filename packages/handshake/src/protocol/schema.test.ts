import { describe, expect, test } from 'vitest'
import { defaultLimits } from './limits.js'
import { fieldOf, missingKeys, parseSchema } from './schema.js'

describe('a schema', () => {
  test('is read with its type filled in and plain options as values', () => {
    const sent = [
      { key: 'a' },
      { key: 'b', type: 'enum', options: ['x', { value: 2, label: 'Two' }], extra: 1 },
    ]

    expect(parseSchema(sent)).toEqual([
      { key: 'a', type: 'string', required: false, options: [], sent: sent[0] },
      {
        key: 'b',
        type: 'enum',
        required: false,
        options: [{ value: 'x' }, { value: 2, label: 'Two' }],
        sent: sent[1],
      },
    ])
  })

  test.each([
    [null, 'must be an object'],
    ['a', 'must be an object'],
    [[], 'must be an object'],
    [{}, 'key is required'],
    [{ key: null }, 'key is required'],
    [{ key: 1 }, 'key must be a string'],
    [{ key: '__proto__' }, 'invalid key'],
    [{ key: 'a', type: 1 }, 'type must be a string'],
    [{ key: 'a', type: null }, 'type must be a string'],
    [{ key: 'a', options: { x: 1 } }, 'options must be an array'],
    [{ key: 'a', options: ['x', { label: 'no value' }] }, 'option 1 has no value'],
  ])('with the field %j is refused: %s', (field, reason) => {
    expect(() => parseSchema([{ key: 'fine' }, field])).toThrow(`schema field 1: ${reason}`)
  })

  test('that nests deeper than a value may is refused', () => {
    const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`)
    expect(() => parseSchema([{ key: 'a', desc: deep }])).toThrow('schema field 0: too deep')
  })

  test('is refused when it is no list or too long', () => {
    expect(() => parseSchema({})).toThrow('schema must be an array')
    expect(() => parseSchema([{ key: 'a' }, { key: 'b' }], { ...defaultLimits, fields: 1 })).toThrow(
      'too many schema fields',
    )
  })
})

test('the first definition of a key wins', () => {
  const fields = parseSchema([
    { key: 'a', type: 'int' },
    { key: 'a', type: 'bool' },
  ])
  expect(fieldOf(fields, 'a')?.type).toBe('int')
})

test('missing keys are the required ones that are blank or absent, in the order of the schema', () => {
  const fields = parseSchema([
    { key: 'c', required: true },
    { key: 'zero', required: true },
    { key: 'a', required: 1 },
    { key: 'b' },
    { key: 'no', required: true },
    { key: 'd', required: [] },
  ])
  const values: Record<string, unknown> = { c: '', zero: 0, no: false }

  expect(missingKeys(fields, (key) => values[key])).toEqual(['c', 'a'])
})
