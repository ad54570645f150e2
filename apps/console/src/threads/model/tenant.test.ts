import { describe, expect, it } from 'vitest'
import { parseTenant, splitList, tenantEntries, tenantKey } from './tenant.js'

describe('a tenant', () => {
  it('is read from entries between commas and lines', () => {
    expect(parseTenant(' org=acme,\n team = blue ,')).toEqual({ org: 'acme', team: 'blue' })
    expect(parseTenant('note=a=b')).toEqual({ note: 'a=b' })
    expect(parseTenant('  ')).toEqual({})
  })

  it.each(['acme', '=acme', 'org=', 'org= '])('is not read from %j', (text) => {
    expect(parseTenant(text)).toMatch(/is not like org=acme/)
  })

  it('has every name once', () => {
    expect(parseTenant('org=a, org=b')).toBe('“org” is there twice.')
  })

  it('keeps a name that objects have by themselves', () => {
    expect(tenantEntries(parseTenant('__proto__=x') as Record<string, string>)).toEqual(['__proto__=x'])
  })

  it('is the same in any order', () => {
    expect(tenantKey({ b: '2', a: '1' })).toBe(tenantKey({ a: '1', b: '2' }))
    expect(tenantKey({ a: '1' })).not.toBe(tenantKey({}))
  })
})

it('a list has each item once', () => {
  expect(splitList('u_ann, u_ben\nu_ann,,')).toEqual(['u_ann', 'u_ben'])
})
