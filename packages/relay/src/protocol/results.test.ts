import { describe, expect, it } from 'vitest'
import { chatInfoOf, isDeclined, readResult } from './results.js'

const unreadable = { success: false, error: 'malformed result', ambiguous: true }

// proves: relay.f9
describe('reading a result', () => {
  it.each([
    [
      { success: true, message_id: '9', extra: 1 },
      { success: true, message_id: '9' },
    ],
    [
      { success: true, message_id: 9 },
      { success: true, message_id: '9' },
    ],
    [{ success: true, message_id: null, error: null }, { success: true }],
    [
      { success: true, thread_id: 'T', auto_thread_name: 'Deploys' },
      { success: true, thread_id: 'T', auto_thread_name: 'Deploys' },
    ],
    [
      { success: false, error: 'no' },
      { success: false, error: 'no' },
    ],
    [{ success: false }, { success: false, error: 'relay action failed' }],
    [
      { success: false, error: 'platform timeout', ambiguous: true },
      { success: false, error: 'platform timeout', ambiguous: true },
    ],
    [
      { success: false, error: 'no', ambiguous: 'yes', code: 'x' },
      { success: false, error: 'no', code: 'x' },
    ],
    [
      { chat_info: { name: 'ops', type: 'group' } },
      { success: true, chat_info: { name: 'ops', type: 'group' } },
    ],
    [
      { name: 'ops', type: 'group', size: 3 },
      { success: true, chat_info: { name: 'ops', type: 'group', size: 3 } },
    ],
    [{}, unreadable],
    [null, unreadable],
    [[], unreadable],
    [{ success: 'true' }, unreadable],
  ])('%j', (value, read) => {
    expect(readResult(value)).toEqual(read)
  })
})

describe('a declined target', () => {
  it.each([
    [{ success: false, code: 'egress_declined', error: 'x' }, true],
    [{ success: false, error: 'Discord Egress Declined: target is not approved' }, true],
    [{ success: false, code: 'egress_declined', error: 'x', ambiguous: true }, false],
    [{ success: false, error: 'egress declined' }, false],
    [{ success: true }, false],
  ] as const)('%j: %s', (result, isIt) => {
    expect(isDeclined(result)).toBe(isIt)
  })
})

describe('what is known of a chat', () => {
  it('has defaults', () => {
    expect(chatInfoOf({ success: false, error: 'no' }, 'C1')).toEqual({ name: 'C1', type: 'dm' })
    expect(chatInfoOf(readResult({ chat_info: { name: 'ops' } }), 'C1')).toEqual({ name: 'ops', type: 'dm' })
  })

  it('keeps other members', () => {
    expect(chatInfoOf(readResult({ name: 'ops', type: 'group', size: 3 }), 'C1')).toEqual({
      name: 'ops',
      type: 'group',
      size: 3,
    })
  })
})
