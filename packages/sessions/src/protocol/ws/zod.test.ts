import { describe, expect, test } from 'vitest'
import { SessionHostStartRequestSchema } from '../session-host/zod.js'
import {
  WsChannelControlMessageSchema,
  WsChannelServerMessageSchema,
  WsControlMessageSchema,
  WsServerMessageSchema,
  WsSessionMessageSchema,
} from './zod.js'

const event = { type: 'rpc', data: { a: { b: 1 } }, timestamp: 't' }
const both = { optionId: 'o', outcome: 'cancelled' }
const respond = { action: 'permission.respond', requestId: 'r' }

describe('what a per-session socket sends', () => {
  test.each([
    [
      { type: 'event', timestamp: 't', event: { ...event, x: 1 }, seq: 4, channel: 'c' },
      { type: 'event', timestamp: 't', event },
    ],
    [
      { type: 'connected', sessionId: '', x: 1 },
      { type: 'connected', sessionId: '' },
    ],
    [
      { type: 'error', message: 'm' },
      { type: 'error', message: 'm' },
    ],
  ])('is read and stripped: %j', (sent, read) => {
    expect(WsServerMessageSchema.parse(sent)).toEqual(read)
  })

  test.each([
    { queued: true, queueId: 'q', position: 0 },
    { type: 'pong' },
    { type: 'event', timestamp: 't', event: { ...event, data: [] } },
    { type: 'event', timestamp: 't', event: { ...event, data: null } },
    { type: 'event', event },
  ])('is refused: %j', (sent) => {
    expect(WsServerMessageSchema.safeParse(sent).success).toBe(false)
  })
})

const plain = [
  { action: 'prompt', text: '' },
  { ...respond, body: { optionId: '' } },
  { ...respond, body: { outcome: 'cancelled' } },
  { action: 'cancel' },
  { action: 'cancel', queueId: 'q' },
  { action: 'terminate' },
  { action: 'ping' },
  { action: 'queue.reorder', order: ['a'] },
  { action: 'queue.clear' },
  { action: 'queue.pause' },
  { action: 'queue.resume' },
]

describe('what a client sends on a per-session socket', () => {
  test.each(plain)('is read as it is by both schemas: %j', (sent) => {
    expect(WsControlMessageSchema.parse({ ...sent, x: 1 })).toEqual(sent)
    expect(WsSessionMessageSchema.parse({ ...sent, x: 1 })).toEqual(sent)
  })

  test.each([
    [
      { ...respond, response: { optionId: 'o' } },
      { ...respond, body: { optionId: 'o' } },
    ],
    [
      { ...respond, response: { outcome: 'cancelled' } },
      { ...respond, body: { outcome: 'cancelled' } },
    ],
    [
      { ...respond, body: { optionId: 'a' }, response: { optionId: 'b' } },
      { ...respond, body: { optionId: 'a' } },
    ],
    [{ action: 'fs.snapshot' }, { action: 'fs.snapshot' }],
    [
      { action: 'fs.snapshot', path: 'p' },
      { action: 'fs.snapshot', path: 'p' },
    ],
    [
      { action: 'file.preview', path: 'p' },
      { action: 'file.preview', path: 'p' },
    ],
  ])('is read by the wider one only, or reads more: %j', (sent, read) => {
    expect(WsSessionMessageSchema.parse(sent)).toEqual(read)
  })

  test.each([
    { ...respond, response: { optionId: 'o' } },
    { action: 'fs.snapshot' },
    { action: 'file.preview', path: 'p' },
  ])('the narrow one refuses %j', (sent) => {
    expect(WsControlMessageSchema.safeParse(sent).success).toBe(false)
  })

  test.each([
    respond,
    { action: 'file.preview' },
    { action: 'queue.reorder', order: [1] },
    { action: 'prompt' },
    { action: 'nothing' },
    { ...respond, body: {} },
    [],
    'prompt',
  ])('both refuse %j', (sent) => {
    expect(WsControlMessageSchema.safeParse(sent).success).toBe(false)
    expect(WsSessionMessageSchema.safeParse(sent).success).toBe(false)
  })

  test('a body with both members keeps only the option', () => {
    const read = { ...respond, body: { optionId: 'o' } }
    expect(WsControlMessageSchema.parse({ ...respond, body: both })).toEqual(read)
    expect(WsSessionMessageSchema.parse({ ...respond, body: both })).toEqual(read)
  })
})

describe('the channel socket', () => {
  const ofS = { sessionId: 's', agentId: 's' }

  test.each([
    { type: 'event', channel: 'c', ...ofS, seq: 1, event },
    { type: 'event', channel: 'terminals:t', seq: 1, event },
    { type: 'connected', connectionId: 'ws-1' },
    { type: 'subscribed', channel: 'c' },
    { type: 'subscribed', channel: 'c', truncated: true },
    { type: 'unsubscribed', channel: 'c' },
    { type: 'session.created', ...ofS },
    { type: 'session.terminated', ...ofS },
    { type: 'error', message: 'm' },
    { type: 'error', message: 'm', channel: 'c' },
    { type: 'pong' },
  ])('sends %j', (sent) => {
    expect(WsChannelServerMessageSchema.parse({ ...sent, x: 1 })).toEqual(sent)
  })

  const s = { sessionId: 's' }
  test.each([
    { action: 'subscribe', channel: 'c' },
    { action: 'subscribe', channel: 'c', since: 4 },
    { action: 'unsubscribe', channel: 'c' },
    ...plain.filter(({ action }) => action !== 'ping').map((one) => ({ ...one, ...s })),
    { action: 'ping' },
    { action: 'terminal.create' },
    { action: 'terminal.create', ...s, data: 'bash', cols: 80, rows: 24 },
    { action: 'terminal.input', terminalId: 't', data: '\u0003' },
    { action: 'terminal.resize', terminalId: 't', cols: 80, rows: 24 },
    { action: 'terminal.kill', terminalId: 't' },
    { action: 'fs.snapshot', ...s },
    { action: 'file.preview', ...s, path: 'p' },
  ])('takes %j', (sent) => {
    expect(WsChannelControlMessageSchema.parse({ ...sent, x: 1 })).toEqual(sent)
  })

  test('takes an answer under its other name', () => {
    const sent = { ...respond, ...s, response: { optionId: 'o' } }
    expect(WsChannelControlMessageSchema.parse(sent)).toEqual({ ...respond, ...s, body: { optionId: 'o' } })
  })

  test.each([
    { action: 'prompt', text: 'x' },
    { ...respond, ...s },
    { action: 'terminal.resize', terminalId: 't', cols: '80', rows: 24 },
    { action: 'file.preview', ...s },
    { action: 'subscribe' },
    { action: 'subscribe', channel: 'c', since: '4' },
    { action: 'nothing', ...s },
  ])('refuses %j', (sent) => {
    expect(WsChannelControlMessageSchema.safeParse(sent).success).toBe(false)
  })
})

describe('a start request', () => {
  const start = { command: '', args: [], workspace: '/w' }

  test('keeps the id of the session and strips what is unknown', () => {
    expect(SessionHostStartRequestSchema.parse({ ...start, sessionId: 's', x: 1 })).toEqual({
      ...start,
      sessionId: 's',
    })
  })

  test.each([{ setup: null }, { env: { A: 1 } }, { args: [1] }, { callbackUrl: null }])(
    'refuses %j',
    (bad) => {
      expect(SessionHostStartRequestSchema.safeParse({ ...start, ...bad }).success).toBe(false)
    },
  )
})
