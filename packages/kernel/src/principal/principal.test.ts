import { expect, test } from 'vitest'
import {
  hasScope,
  isVisible,
  maxTenantEntries,
  type Principal,
  tenantKey,
  toIdentity,
  visibleTenantKeys,
} from './index.js'

test.each([
  [{ org: 'A', ws: 'X' }, { org: 'A', ws: 'X' }, true],
  [{ org: 'A', ws: 'X' }, { org: 'A', ws: 'Y' }, false],
  [{ org: 'A' }, { org: 'A', ws: 'X' }, true],
  [{}, { org: 'A' }, true],
  [{ org: 'A' }, {}, false],
  [{ org: 'A', ws: 'X' }, { org: 'A' }, false],
  // Names of an object's own machinery are keys like any other.
  [{ constructor: 'A' }, {}, false],
])('a subject of %j is visible to a caller of %j: %j', (subject, caller, expected) => {
  expect(isVisible(subject, caller)).toBe(expected)
  // The index asks for the same by equality.
  expect(visibleTenantKeys(caller).includes(tenantKey(subject))).toBe(expected)
})

test('the key of a tenant does not depend on the order of its entries', () => {
  expect(tenantKey({ team: 'B', org: 'A' })).toBe('[["org","A"],["team","B"]]')
  expect(tenantKey({ org: 'A', team: 'B' })).toBe('[["org","A"],["team","B"]]')
})

test('a caller of four entries sees sixteen tenants, each once', () => {
  const keys = visibleTenantKeys({ a: '1', b: '2', c: '3', d: '4' })

  expect(keys).toHaveLength(16)
  expect(new Set(keys).size).toBe(16)
})

test('a caller of too many entries is refused, before the list explodes', () => {
  const entries = Array.from({ length: maxTenantEntries + 1 }, (_, n) => [`k${n}`, 'v'])

  expect(() => visibleTenantKeys(Object.fromEntries(entries))).toThrow(RangeError)
})

const principal = (scopes: string[]): Principal => ({ kind: 'user', id: 'u', tenant: {}, scopes })

test.each([
  [['handshake:read'], 'handshake:read', true],
  [['handshake:*'], 'handshake:write', true],
  [['*'], 'keys:write', true],
  [['handshake:*'], 'keys:write', false],
  [['handshake:read'], 'handshake:rea', false],
  [['handshake:read'], '*', false],
  [[], 'handshake:read', false],
])('scopes %j open %s: %j', (scopes, scope, expected) => {
  expect(hasScope(principal(scopes), scope)).toBe(expected)
})

test('the snapshot of who acted holds no scopes and no metadata', () => {
  const who: Principal = { ...principal(['*']), name: 'Owner', tenant: { org: 'A' }, metadata: { secret: 1 } }

  expect(toIdentity(who)).toEqual({ kind: 'user', id: 'u', name: 'Owner', tenant: { org: 'A' } })
  expect(toIdentity(principal([]))).toEqual({ kind: 'user', id: 'u' })
})
