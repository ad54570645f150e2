import { describe, expect, test } from 'vitest'
import { checkAction } from './actions.js'

describe('both rules', () => {
  test.each(['form-fill', 'default'] as const)('%s takes a set action; an absent value is null', (rules) => {
    const action = { type: 'set', key: 'a', value: null }
    expect(checkAction({ type: 'set', key: 'a' }, rules)).toEqual({ ok: true, action })
  })

  test.each([
    [1, 'action must be an object'],
    [null, 'action must be an object'],
    [['set'], 'action must be an object'],
    [{ type: 'set' }, 'missing key'],
    [{ type: 'set', key: null }, 'missing key'],
    [{ type: 'set', key: 1 }, 'invalid key'],
    [{ type: 'set', key: '' }, 'invalid key'],
    [{ type: 'set', key: 'constructor' }, 'invalid key'],
    [{ type: 'set', key: 'x'.repeat(257) }, 'invalid key'],
  ])('refuse %j: %s', (element, msg) => {
    for (const rules of ['form-fill', 'default'] as const) {
      expect(checkAction(element, rules)).toEqual({ ok: false, error: { action: element, msg } })
    }
  })
})

test('in form-fill the type comes before the key, and must be there', () => {
  for (const element of [{}, { key: 'a' }, { type: 'SET', key: 'a' }, { type: null, key: 'a' }]) {
    expect(checkAction(element, 'form-fill')).toEqual({
      ok: false,
      error: { action: element, msg: 'unsupported action type' },
    })
  }
})

test('in the default rules the type may be absent, and another one is named', () => {
  expect(checkAction({ key: 'a', value: 1 }, 'default')).toMatchObject({ ok: true, action: { value: 1 } })
  expect(checkAction({ type: 'call', key: 'a' }, 'default')).toMatchObject({
    error: { msg: 'unsupported action type: call' },
  })
  expect(checkAction({ type: null, key: 'a' }, 'default')).toMatchObject({
    error: { msg: 'unsupported action type: null' },
  })
})
