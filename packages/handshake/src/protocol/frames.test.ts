import { describe, expect, test } from 'vitest'
import { parseClientFrame, parseServerFrame } from './frames.js'

describe('frames of a client', () => {
  test('a user edit without a value clears the field', () => {
    expect(parseClientFrame('{"type":"userEdit","key":"a"}')).toEqual({
      type: 'userEdit',
      key: 'a',
      value: null,
    })
  })

  test.each([
    'no json',
    '[1]',
    '1',
    'null',
    '{}',
    '{"type":"other"}',
    '{"type":"userEdit"}',
    '{"type":"userEdit","key":null,"value":1}',
    '{"type":"userEdit","key":1}',
    '{"type":"auth"}',
  ])('%s is ignored', (text) => expect(parseClientFrame(text)).toBeUndefined())

  test('a ping and a token are known', () => {
    expect(parseClientFrame('{"type":"ping"}')).toEqual({ type: 'ping' })
    expect(parseClientFrame('{"type":"auth","token":"t"}')).toEqual({ type: 'auth', token: 't' })
  })
})

describe('frames of a server', () => {
  test('of an unknown type are ignored', () => {
    expect(parseServerFrame('{"type":"upgrade_request"}')).toBeUndefined()
    expect(parseServerFrame('broken')).toBeUndefined()
  })

  test('may carry members that this version does not know', () => {
    expect(parseServerFrame('{"type":"heartbeat","more":1}')).toEqual({ type: 'heartbeat', more: 1 })
  })
})
