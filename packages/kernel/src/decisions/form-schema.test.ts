import { expect, it } from 'vitest'
import {
  type FormSchema,
  formProblems,
  maxFormProblems,
  maxListItems,
  schemaProblems,
} from './form-schema.js'

/** Schemas of one property, values that fit and values that don't. */
const keywords: [string, FormSchema, unknown[], unknown[]][] = [
  ['a text', { type: 'string' }, ['', 'é'], [1, null, true, [], {}]],
  ['a number', { type: 'number' }, [0, -1.5, 1e300], ['1', null, true]],
  ['an integer', { type: 'integer' }, [0, -3, 2.0], [1.5, '1']],
  ['yes or no', { type: 'boolean' }, [true, false], [0, 'true', null]],
  ['one of two types', { type: ['string', 'null'] }, ['a', null], [1]],
  ['choices', { enum: ['a', 2, true] }, ['a', 2, true], ['b', '2', false]],
  ['a least length', { type: 'string', minLength: 2 }, ['ab', '🙂🙂'], ['', '🙂']],
  ['a greatest length', { type: 'string', maxLength: 2 }, ['', '🙂🙂'], ['abc']],
  ['a minimum', { type: 'number', minimum: 1 }, [1, 2], [0.999]],
  ['a maximum', { type: 'integer', maximum: 1 }, [1, -5], [2]],
  ['a pattern', { type: 'string', pattern: '^[a-z]{2,3}$' }, ['ab', 'abc'], ['a', 'ABC', 'abcd']],
  ['a pattern that is not anchored', { pattern: 'b' }, ['abc', 7], ['ac']],
  ['a pattern of the older kind', { pattern: '^\\-_$' }, ['-_'], ['x']],
  ['a mail address', { format: 'email' }, ['a@b', 'ü.x+y@b.example'], ['a', 'a@', '@b', 'a b@c', 'a@b@c']],
  [
    'a day',
    { format: 'date' },
    ['2028-02-29'],
    ['2026-02-29', '2026-2-1', '2026-02-01T00:00:00Z', '9999-99-99'],
  ],
  [
    'an address',
    { format: 'uri' },
    ['https://a.example/b?c', 'mailto:a@b'],
    ['a.example', '/b', 'http:// a'],
  ],
  ['an unknown format', { format: 'colour' }, ['anything'], []],
  ['a list of texts', { type: 'array' }, [[], ['a', '']], ['a', [1], ['a', null], [['a']]]],
  ['a list of choices', { type: 'array', items: { enum: ['a', 'b'] } }, [['b', 'a']], [['c'], ['a', 'c']]],
  [
    'a list of bounded length',
    { type: 'array', minItems: 1, maxItems: 2 },
    [['a'], ['a', 'b']],
    [[], ['', '', '']],
  ],
  ['an unknown type', { type: 'wish' }, ['a', 1, {}], []],
  ['unknown keywords', { oneOf: [{ const: 1 }], not: {}, $ref: '#/nowhere' }, [1, 'a'], []],
  ['anything', true as unknown as FormSchema, ['a', null, {}], []],
]

it.each(keywords)('%s', (_, property, fitting, others) => {
  const problemsOf = (value: unknown) => formProblems({ properties: { field: property } }, { field: value })

  expect(fitting.map(problemsOf)).toEqual(fitting.map(() => []))
  for (const value of others) expect(problemsOf(value), JSON.stringify(value)).toHaveLength(1)
})

it('names every property that has something wrong', () => {
  const schema = {
    type: 'object',
    required: ['name', 'age', 'constructor'],
    properties: { name: { type: 'string', minLength: 1 }, age: { type: 'integer' }, tags: { type: 'array' } },
    additionalProperties: false,
  }

  const problems = formProblems(schema, { name: '', tags: ['a', 1], more: 1, toString: 2 })

  expect(problems.map(({ path }) => path)).toEqual([
    'age',
    'constructor',
    'name',
    'tags[1]',
    'more',
    'toString',
  ])
  expect(problems[0]).toEqual({ path: 'age', message: 'is missing.' })
})

it('takes properties that the schema does not name, unless it says otherwise', () => {
  expect(formProblems({ properties: {} }, { more: 1 })).toEqual([])
  expect(formProblems({ additionalProperties: false }, { more: 1 })).toHaveLength(1)
})

it.each([undefined, null, 'text', 7, []])('values have to be an object, not %j', (values) => {
  expect(formProblems({}, values)).toEqual([{ path: '', message: expect.any(String) }])
})

it('gives up on a pattern that would take hours', () => {
  const schema = { properties: { a: { pattern: '^(a+)+$' }, b: { type: 'string' } } }

  expect(formProblems(schema, { a: `${'a'.repeat(60)}!`, b: 'fine' })).toEqual([
    { path: 'a', message: expect.stringContaining('in time') },
  ])
})

it('does not match texts or patterns that are too long', () => {
  const long = formProblems({ properties: { a: { pattern: 'a' } } }, { a: 'a'.repeat(5000) })
  const longPattern = formProblems({ properties: { a: { pattern: 'a'.repeat(513) } } }, { a: 'a' })

  expect([long, longPattern].map(([problem]) => problem?.message)).toEqual([
    'is too long to be checked against its pattern.',
    'is too long to be checked against its pattern.',
  ])
})

it('lists a bounded number of problems, and looks at a bounded number of items', () => {
  const values = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, n]))
  const list = Array.from({ length: maxListItems + 1 }, () => 'a')

  expect(formProblems({ additionalProperties: false }, values)).toHaveLength(maxFormProblems)
  expect(formProblems({ properties: { a: { type: 'array', maxItems: 1e9 } } }, { a: list })).toHaveLength(1)
})

it.each([
  [{ type: 'object', properties: { a: { type: 'string', pattern: '^a$' } } }, []],
  [{}, []],
  ['object', ['']],
  [{ type: 'array' }, ['']],
  [{ properties: [] }, ['properties']],
  [
    { properties: { a: { pattern: '(' }, b: { pattern: 7 }, c: { items: { pattern: '[' } } } },
    ['a', 'b', 'c'],
  ],
  [{ properties: { a: { pattern: 'a'.repeat(513) } } }, ['a']],
])('a schema is looked at before it is asked: %j', (schema, paths) => {
  expect(schemaProblems(schema).map(({ path }) => path)).toEqual(paths)
})
