import { describe, expect, test } from 'vitest'
import { TenantScope, tenantMatches, tenantOf, tenantSchema } from './tenant.js'

test.each([
  [{ org: 'A', ws: 'X' }, { org: 'A', ws: 'X' }, true],
  [{ org: 'A', ws: 'X' }, { org: 'A', ws: 'Y' }, false],
  [{ org: 'A' }, { org: 'A', ws: 'X' }, true],
  [{}, { org: 'A' }, true],
  [{}, {}, true],
  [{ org: 'A' }, {}, false],
  [{ org: 'A', ws: 'X' }, { org: 'A' }, false],
  // Names of an object's own machinery are keys like any other.
  [{ constructor: 'A' }, {}, false],
])('a thread of %j is visible to %j: %j', (thread, identity, visible) => {
  expect(tenantMatches(thread, identity)).toBe(visible)
})

describe('the tenant of an identity', () => {
  test.each([
    [{ tenant: { org: 'A' }, more: 1 }, { org: 'A' }],
    [{ tenant: { org: 'A', n: 1, none: null, list: ['x'] } }, { org: 'A' }],
    [{}, {}],
    [{ tenant: null }, {}],
    [{ tenant: 'A' }, {}],
    [{ tenant: ['A'] }, {}],
  ])('with the metadata %j is %j', (metadata, tenant) => {
    expect(tenantOf({ metadata })).toEqual(tenant)
  })
})

describe('the tenant of a thread', () => {
  test('keeps every key, also one that objects treat specially', () => {
    const tenant = JSON.parse('{"__proto__":"A","org":"B"}')

    expect(JSON.stringify(TenantScope.parse(tenant))).toBe('{"__proto__":"A","org":"B"}')
    expect(tenantMatches(TenantScope.parse(tenant), { org: 'B' })).toBe(false)
  })

  test.each([null, 'A', ['A'], { org: 1 }, { org: null }, { org: { a: 'b' } }])('is never %j', (tenant) => {
    expect(TenantScope.safeParse(tenant).success).toBe(false)
  })

  test('has a bounded number of entries', () => {
    const entries = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']))

    expect(tenantSchema().safeParse(entries(32)).success).toBe(true)
    expect(tenantSchema().safeParse(entries(33)).success).toBe(false)
  })
})
