import { describe, expect, it } from 'vitest'
import { fieldRows, isBlank } from './field-rows.js'
import { type HandshakeDetail, parseHandshakeDetail } from './handshake.js'
import { parseStreamEvent, type StreamEvent } from './stream-event.js'

describe('rows of fields', () => {
  it('keep the order of the form, with undeclared keys at the end', () => {
    const rows = fieldRows(aDetail({ extra: { value: 'x', by: 'ai' } }), [])

    expect(rows.map((row) => row.key)).toEqual(['name', 'seats', 'extra'])
  })

  it('take what happened after the snapshot, and only that', () => {
    const detail = aDetail({ name: { value: 'Ada', by: 'user_edit' } })
    const events = [change(2, 'name', 'older', 'ai'), change(9, 'seats', 2, 'ai')]

    const [name, seats] = fieldRows(detail, events)

    expect(name).toMatchObject({ value: 'Ada', by: 'user_edit', changedBy: 2 })
    expect(seats).toMatchObject({ value: 2, by: 'ai', changedBy: 9 })
  })

  it('a required field is missing until it holds something; zero and false count as something', () => {
    const missing = (value: unknown) => fieldRows(aDetail({ name: { value, by: 'user' } }), [])[0]!.isMissing

    expect(['', null, [], 'Ada', 0, false].map(missing)).toEqual([true, true, true, false, false, false])
    expect(isBlank(undefined)).toBe(true)
  })

  it('fields of a mode without a form have no author until an event names one', () => {
    const detail = parseHandshakeDetail({ head: 5, data: { colour: 'red' } }, 0)

    expect(fieldRows(detail, [])[0]).toMatchObject({ key: 'colour', value: 'red', by: null })
    expect(fieldRows(detail, [change(3, 'colour', 'red', 'agent')])[0]).toMatchObject({ by: 'agent' })
  })
})

function aDetail(context: Record<string, unknown>): HandshakeDetail {
  const schema = [
    { key: 'name', label: 'Name', required: true },
    { key: 'seats', type: 'int' },
  ]
  return parseHandshakeDetail({ id: 'a', head: 4, schema, context }, 0)
}

function change(seq: number, key: string, value: unknown, by: string): StreamEvent {
  return parseStreamEvent({ seq, type: 'field.set', body: { key, value, by } })!
}
