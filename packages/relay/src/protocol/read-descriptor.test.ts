import { describe, expect, it } from 'vitest'
import { readDescriptor, supports } from './read-descriptor.js'

const required = {
  contract_version: 1,
  platform: 'discord',
  label: 'Discord',
  max_message_length: 2_000,
  supports_draft_streaming: false,
  supports_edit: true,
  supports_threads: true,
  markdown_dialect: 'discord',
  len_unit: 'chars',
}

// proves: relay.f7
describe('reading a descriptor', () => {
  it('fills in what is optional and leaves out what is unknown', () => {
    expect(readDescriptor({ ...required, colour: 'blue' })).toEqual({
      ...required,
      emoji: '🔌',
      platform_hint: '',
      pii_safe: false,
      supports_context: false,
      supported_ops: [],
      supports_inchannel_continuable: false,
      supports_block_formatting: false,
    })
  })

  it.each([0, -1, 'x', '2000', 1.5, null, Number.POSITIVE_INFINITY])(
    'a length of %j is 4096',
    (max_message_length) => {
      expect(readDescriptor({ ...required, max_message_length })?.max_message_length).toBe(4_096)
    },
  )

  it.each([
    ['utf16', 'utf16'],
    ['bytes', 'chars'],
    [7, 'chars'],
  ])('a unit %j is %s', (len_unit, read) => {
    expect(readDescriptor({ ...required, len_unit })?.len_unit).toBe(read)
  })

  it.each(Object.keys(required))('without %s it is none', (name) => {
    expect(readDescriptor({ ...required, [name]: undefined })).toBeUndefined()
  })

  it.each([null, [], 'x', { ...required, platform: 5 }, { ...required, supports_edit: 'yes' }])(
    '%j is none',
    (value) => {
      expect(readDescriptor(value)).toBeUndefined()
    },
  )

  it.each([
    [
      ['send', '', 5, null, 'prompt'],
      ['send', 'prompt'],
    ],
    ['send', []],
    [{ 0: 'send' }, []],
  ])('ops %j are %j', (supported_ops, read) => {
    expect(readDescriptor({ ...required, supported_ops })?.supported_ops).toEqual(read)
  })
})

describe('what a sender supports', () => {
  it('is what the list says, and nothing else', () => {
    const descriptor = { supported_ops: ['prompt'] }

    expect(supports(descriptor, 'prompt')).toBe(true)
    expect(supports(descriptor, 'send')).toBe(false)
  })

  it.each([{ supported_ops: [] }, {}])('is the first four ops when %j', (descriptor) => {
    expect(['send', 'edit', 'typing', 'follow_up'].every((op) => supports(descriptor, op))).toBe(true)
    expect(['get_chat_info', 'draft', 'delete', 'prompt'].some((op) => supports(descriptor, op))).toBe(false)
  })
})
