import { describe, expect, test } from 'vitest'
import { parseSchema } from './schema.js'
import { type ValidateOptions, validateValue } from './validate.js'

const field = (definition: object) => parseSchema([{ key: 'k', ...definition }])[0]
const check = (value: unknown, definition: object, options?: ValidateOptions) =>
  validateValue(value, field(definition), options)
const mismatch = (type: string) => ({ ok: false, message: `type mismatch, expected ${type}` })

describe('the table of types', () => {
  test.each([
    ['string', 'x', 1],
    ['str', '', false],
    ['int', 3, 3.5],
    ['integer', 1e3, true],
    ['int', 2 ** 53 - 1, 2 ** 53],
    ['float', 1.5, '1.5'],
    ['number', 0, true],
    ['float', -2, Number.NaN],
    ['bool', false, 0],
    ['boolean', true, 'true'],
    ['datetime', '2026-06-23T10:22:00+08:00', '2026-06-23'],
    ['datetime', '9999-99-99 99:99:99', '2026-06-23T10:22'],
    ['array', [], {}],
    ['array<int>', ['x'], 'x'],
    ['arrays of any name', [1], null],
  ])('%s takes %j and refuses %j', (type, good, bad) => {
    expect(check(good, { type })).toEqual({ ok: true })
    expect(check(bad, { type })).toEqual(mismatch(type))
  })

  test.each(['string', 'int', 'float', 'bool', 'datetime', 'array', 'array<int>'])(
    '%s refuses null',
    (type) => {
      expect(check(null, { type })).toEqual(mismatch(type))
    },
  )

  test('a field without a type is a string', () => expect(check(1, {})).toEqual(mismatch('string')))

  test.each([null, 1, {}, 'x'])('an unknown type takes %j', (value) => {
    expect(check(value, { type: 'money' })).toEqual({ ok: true })
  })
})

describe('an enum', () => {
  const color = { type: 'enum', options: ['red', { value: 2 }, { value: { a: 1 } }] }

  test.each(['red', 2, { a: 1 }])('takes its option %j', (value) => {
    expect(check(value, color)).toEqual({ ok: true })
  })

  test('names its options when it refuses', () => {
    expect(check('blue', color)).toEqual({
      ok: false,
      message: 'value not in allowed options ["red",2,{"a":1}]',
    })
  })

  test('without options takes everything', () => {
    expect(check('x', { type: 'enum' })).toEqual({ ok: true })
    expect(check(null, { type: 'enum', options: [] })).toEqual({ ok: true })
  })
})

describe('strict arrays', () => {
  test.each([
    ['array<int>', [1, 2], [1, 'x']],
    ['array<array<bool>>', [[true], []], [[1]]],
    ['array<enum>', ['a'], ['b']],
    ['array<>', [1], 'x'],
  ])('%s takes %j and refuses %j', (type, good, bad) => {
    const definition = { type, options: ['a'] }
    expect(check(good, definition, { strictArrays: true })).toEqual({ ok: true })
    expect(check(bad, definition, { strictArrays: true })).toEqual(mismatch(type))
  })
})

describe('a validator', () => {
  test('replaces the table of types, sees the field, and may say why', () => {
    const validator = (value: unknown, type: string, { key }: { key: string }) =>
      value === 1 || (value === 2 && `${key} of type ${type} is never 2`)

    expect(check(1, { type: 'string' }, { validator })).toEqual({ ok: true })
    expect(check('x', { type: 'string' }, { validator })).toEqual(mismatch('string'))
    expect(check(2, { type: 'string' }, { validator })).toEqual({
      ok: false,
      message: 'k of type string is never 2',
    })
  })

  test('leaves the options of an enum in force', () => {
    const verdict = check('b', { type: 'enum', options: ['a'] }, { validator: () => true })
    expect(verdict).toEqual({ ok: false, message: 'value not in allowed options ["a"]' })
  })
})

test('a key without a definition is taken unless unknown keys are rejected', () => {
  expect(validateValue(1, undefined)).toEqual({ ok: true })
  expect(validateValue(1, undefined, { unknownKeys: 'reject' })).toEqual({
    ok: false,
    message: 'unknown key',
  })
})

describe('the text of a refusal', () => {
  test('stays short, however much the schema says', () => {
    const options = Array.from({ length: 1000 }, (_, n) => `option ${n}`)

    for (const definition of [{ type: 'enum', options }, { type: `array<${'x'.repeat(10_000)}>` }]) {
      const verdict = check('none of them', definition)

      expect(verdict).toMatchObject({ ok: false, message: expect.stringMatching(/…$/) })
      expect(JSON.stringify(verdict).length).toBeLessThan(1500)
    }
  })
})
