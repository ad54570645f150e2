import { describe, expect, test } from 'vitest'
import { eventFrame, lifecycleFrame, sessionSocketFrame, terminalFrame } from './frames.js'

test('an event is put in as it is stored', () => {
  const body = '{ "type":"rpc",  "data":{"a":1.0},"timestamp":"t"}'

  expect(eventFrame('session:a"b', 'a"b', 7, body)).toBe(
    `{"type":"event","channel":"session:a\\"b","sessionId":"a\\"b","agentId":"a\\"b","seq":7,"event":${body}}`,
  )
})

test('a lifecycle message has no channel and no number', () => {
  expect(JSON.parse(lifecycleFrame('session.created', 's'))).toEqual({
    type: 'session.created',
    sessionId: 's',
    agentId: 's',
  })
})

test('a terminal is named by the channel, and one without a name has no frame', () => {
  const event = { type: 'terminal.exit', data: { terminalId: 't', exitCode: 0 }, timestamp: 'x' }

  expect(JSON.parse(terminalFrame({ seq: 3, event }) ?? '')).toEqual({
    type: 'event',
    channel: 'terminals:t',
    seq: 3,
    event,
  })
  expect(terminalFrame({ seq: 3, event: { ...event, data: {} } })).toBeUndefined()
})

describe('the timestamp of a per-session frame is that of the event', () => {
  test.each([
    ['{"type":"a","data":{},"timestamp":"2026-01-01T00:00:00.000Z"}', '2026-01-01T00:00:00.000Z'],
    ['{"type":"a","data":{"x":",\\"timestamp\\":\\"no\\"}"},"timestamp":"yes"}', 'yes'],
    ['{"timestamp":"first","type":"a","data":{"x":1,"timestamp":"no"}}', 'first'],
    ['{"timestamp":"first","data":{},"type":",\\"timestamp\\":\\"no\\"}"}', 'first'],
    ['{"type":"a","data":{},"timestamp":"with \\"quotes\\""}', 'with "quotes"'],
    [`{"type":"a","data":{},"timestamp":"${'9'.repeat(100)}"}`, '9'.repeat(100)],
    ['{"type":"a","data":{}}', null],
  ])('%s', (body, timestamp) => {
    const frame = sessionSocketFrame(body)

    expect(JSON.parse(frame)).toEqual({ type: 'event', timestamp, event: JSON.parse(body) })
    expect(frame.endsWith(`"event":${body}}`)).toBe(true)
  })
})
