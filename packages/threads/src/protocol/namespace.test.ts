import { isParleyError } from '@parley/kernel/errors'
import { describe, expect, test } from 'vitest'
import {
  assertNamespaceKeys,
  deriveNamespacePath,
  NamespaceViolation,
  parseNamespacePath,
  validateNamespaceValue,
} from './namespace.js'

const namespaceKeys = ['org', 'ws']

const legal = ['A', 'a', '0', 'x'.repeat(32), 'a.b', 'a-b', 'a_b', '...', '-', '_', '.a']
const illegal = [
  '',
  'x'.repeat(33),
  'a/b',
  '/',
  'a b',
  ' ',
  'A\n',
  '\nA',
  'A\r',
  'A\u2028',
  'A\0',
  '.',
  '..',
  'ü',
  'a%2Fb',
  'a?b',
  'a#b',
  'a\\b',
  1,
  null,
  undefined,
  ['A'],
]

// proves: threads.t25
describe('a value', () => {
  test.each(legal)('%j is legal', (value) => expect(() => validateNamespaceValue(value)).not.toThrow())
  test.each(illegal)('%j is illegal', (value) => {
    expect(() => validateNamespaceValue(value)).toThrow(NamespaceViolation)
    expect(() => deriveNamespacePath({ org: value, ws: 'X' }, { namespaceKeys })).toThrow(NamespaceViolation)
  })
})

describe('the path of a tenant', () => {
  test('holds the values in the order of the keys, and nothing else of the tenant', () => {
    const tenant = { ws: 'X', more: 'a b', org: 'A' }

    expect(deriveNamespacePath(tenant, { namespaceKeys })).toBe('/A/X')
    expect(parseNamespacePath('/A/X', { namespaceKeys })).toEqual({ org: 'A', ws: 'X' })
  })

  test.each(legal)('with %j is read back', (value) => {
    const tenant = { org: value, ws: value }

    expect(parseNamespacePath(deriveNamespacePath(tenant, { namespaceKeys }), { namespaceKeys })).toEqual(
      tenant,
    )
  })

  test('is the root without keys', () => {
    expect(deriveNamespacePath({ org: 'A' }, {})).toBe('/')
    expect(deriveNamespacePath({ org: 'a b' }, { namespaceKeys: [] })).toBe('/')
    expect(deriveNamespacePath({ org: 'A' })).toBe('/')
    expect(parseNamespacePath('/A')).toEqual({})
    expect(parseNamespacePath('/any/thing', {})).toEqual({})
  })

  test('names the key that is missing or wrong', () => {
    expect(() => deriveNamespacePath({ org: 'A' }, { namespaceKeys })).toThrow('ws is missing')
    expect(() => deriveNamespacePath({ ws: 'X' }, { namespaceKeys: ['constructor'] })).toThrow(
      'constructor is missing',
    )
    expect(() => deriveNamespacePath({ org: 'a/b', ws: 'X' }, { namespaceKeys })).toThrow(
      /^org must be 1 to 32/,
    )
  })
})

describe('a path', () => {
  test('may have empty segments', () => {
    expect(parseNamespacePath('//A///X/', { namespaceKeys })).toEqual({ org: 'A', ws: 'X' })
  })

  test.each(['', '/', 'A/X', '/A', '/A/X/Y', '/A/..', '/./X', '/A/x y', '/A/X\n', `/A/${'x'.repeat(33)}`])(
    '%j is refused',
    (path) => expect(() => parseNamespacePath(path, { namespaceKeys })).toThrow(NamespaceViolation),
  )
})

test('a violation is a refusal', () => {
  expect(isParleyError(new NamespaceViolation('org is missing'), 'threads.namespace_violation')).toBe(true)
})

describe('the keys', () => {
  test.each([[[]], ['org'], [['']], [['org', 'org']], [['org', 1]], [null]])('may not be %j', (keys) => {
    expect(() => assertNamespaceKeys(keys)).toThrow(TypeError)
  })

  test('may be one or more names', () => {
    expect(() => assertNamespaceKeys(['org'])).not.toThrow()
    expect(() => assertNamespaceKeys(['org', 'ws'])).not.toThrow()
  })
})
