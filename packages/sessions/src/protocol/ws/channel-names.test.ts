import { describe, expect, test } from 'vitest'
import {
  channelsOfEvent,
  channelsOfTerminal,
  isChannel,
  kindOfEvent,
  parseChannel,
  tagOfEvent,
  tagOfTerminal,
} from './channel-names.js'

describe('a channel', () => {
  test.each([
    ['agents', { of: 'agents' }],
    ['agent:a1', { of: 'agent', sessionId: 'a1' }],
    ['agent:a1:fs', { of: 'agent', sessionId: 'a1', only: 'fs' }],
    ['session:s1', { of: 'session', sessionId: 's1' }],
    ['session:s1:fs', { of: 'session', sessionId: 's1', only: 'fs' }],
    ['session:s1:queue', { of: 'session', sessionId: 's1', only: 'queue' }],
    ['session:s1:terminal', { of: 'session', sessionId: 's1', only: 'terminal' }],
    ['session:s1:terminal:t1', { of: 'session', sessionId: 's1', only: 'terminal', terminalId: 't1' }],
    ['terminals', { of: 'terminals' }],
    ['terminals:t1', { of: 'terminals', terminalId: 't1' }],
  ])('%s is in the table', (channel, parsed) => {
    expect(parseChannel(channel)).toEqual(parsed)
  })

  test.each(
    [
      ['', 'session', 'agent', 'session:', 'agent:', 'terminals:', 'agents:a1', 'sessions:s1'],
      ['session:s1:', 'session:s1:files', 'session:s1:queue:q', 'session:s1:fs:x', 'session:s1:terminal:'],
      ['agent:a1:queue', 'agent:a1:fs:x', 'terminals:t1:x', 'session:s1:terminal:t1:x', 'session:a b'],
      [`session:${'x'.repeat(201)}`, ' agents', 'session:\n'],
    ].flat(),
  )('%j is in no table', (channel) => {
    expect(isChannel(channel)).toBe(false)
  })
})

const ofS = ['session:s', 'agent:s', 'agents']

describe('the channels of an event', () => {
  test.each([
    ['rpc', { method: 'session/update' }, ofS],
    ['rpc', { method: 'terminal/create' }, ofS],
    ['permission_request', {}, ofS],
    ['error', {}, ofS],
    ['something', {}, ofS],
    ['queue.updated', {}, ['session:s:queue', ...ofS]],
    ['queue.paused', {}, ['session:s:queue', ...ofS]],
    ['queue.resumed', {}, ['session:s:queue', ...ofS]],
    ['filesystem.changed', {}, ['session:s:fs', 'agent:s:fs', ...ofS]],
    ['filesystem.snapshot', {}, ['session:s:fs', 'agent:s:fs', ...ofS]],
    ['file.preview', {}, ['session:s:fs', 'agent:s:fs', ...ofS]],
    ['terminal.data', { terminalId: 't' }, ['session:s:terminal:t', 'session:s:terminal', ...ofS]],
    ['terminal.exit', {}, ['session:s:terminal', ...ofS]],
    [
      'rpc',
      { method: 'terminal.output', terminalId: 't' },
      ['session:s:terminal:t', 'session:s:terminal', ...ofS],
    ],
    ['rpc', { method: 'queue.updated' }, ['session:s:queue', ...ofS]],
  ])('%s %j, most specific first', (type, data, channels) => {
    expect(channelsOfEvent('s', { type, data })).toEqual(channels)
  })

  test.each(['terminal.create', 'terminal.release', 'terminal.wait_for_exit', 'terminal.kill'])(
    'the reserved name %s is one of terminals',
    (type) => expect(kindOfEvent({ type, data: {} })).toBe('terminal'),
  )
})

describe('the tag', () => {
  const queue = channelsOfEvent('s', { type: 'queue.updated', data: {} })

  test.each([
    [['agents'], 'agents'],
    [['agents', 'agent:s'], 'agent:s'],
    [['agent:s', 'session:s'], 'session:s'],
    [['session:s', 'session:s:queue'], 'session:s:queue'],
    [['session:s:fs'], undefined],
    [['session:other', 'agent:other'], undefined],
    [[], undefined],
  ])('of an event for a connection with %j is %s', (subscribed, tag) => {
    expect(tagOfEvent(queue, new Set(subscribed))).toBe(tag)
  })

  test.each([
    [['terminals'], 'terminals:t'],
    [['terminals:t'], 'terminals:t'],
    [['terminals', 'terminals:t'], 'terminals:t'],
    [['terminals:u', 'agents'], undefined],
  ])('of a terminal for a connection with %j is %s', (subscribed, tag) => {
    expect(tagOfTerminal('t', new Set(subscribed))).toBe(tag)
    expect(channelsOfTerminal('t')).toEqual(['terminals:t', 'terminals'])
  })
})
