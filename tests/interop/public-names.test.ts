// The names that docs/coming-from.md promises. A name that goes away is a breaking change and fails here.
import { readFileSync } from 'node:fs'
import type { BatchIo, FrameType, HandshakeOptions, HandshakeSession, ModeHandler } from '@parley/handshake'
import * as handshake from '@parley/handshake'
import * as agent from '@parley/handshake/agent'
import type {
  ActionEvent,
  ClientOptions,
  ConnectedEvent,
  Context,
  CreateSessionRequest,
  DoneEvent,
  ErrorEvent,
  EventType,
  FieldEntry,
  HandshakeEvent,
  SchemaField,
  SessionInfo,
} from '@parley/handshake/client'
import * as client from '@parley/handshake/client'
import { expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { root } from '../architecture/checkout.js'

test.each([
  [
    '@parley/handshake',
    handshake,
    [
      'buildHandshakePrompt',
      'buildPrompt',
      'createHandshake',
      'createHandshakeEngine',
      'defaultHandlers',
      'formFillHandler',
      'genericHandler',
      'handlerFor',
      'handshakeForExpress',
      'handshakeForHono',
      'handshakeForNode',
      'tokenFromRequest',
      'tokenFromUpgrade',
      'verifyToken',
      'version',
    ],
  ],
  [
    '@parley/handshake/client',
    client,
    [
      'HandshakeAgent',
      'HandshakeClient',
      'HandshakeError',
      'PromptError',
      'bindForm',
      'buildHandshakePrompt',
      'parsePrompt',
    ],
  ],
  ['@parley/handshake/agent', agent, ['HandshakeAgent', 'HandshakeError', 'PromptError', 'parsePrompt']],
])('%s exports what it promises', (_name, module, names) => {
  expect(Object.keys(module)).toEqual(expect.arrayContaining(names))
})

test('a plane and an engine have the members they promise', async () => {
  const plane = handshake.createHandshake()
  const engine = handshake.createHandshakeEngine()
  onTestFinished(async () => {
    await Promise.all([plane.stop(), engine.stop()])
  })
  const hooks = ['onCreateSession', 'onAction', 'onDone', 'onExtend']
  const operations = [
    'createSession',
    'getContext',
    'postAction',
    'postNotify',
    'getDiff',
    'postExtend',
    'handleSocket',
  ]

  expect(plane).toMatchObject(functions(['fetch', 'node', 'upgrade', 'service', 'stop', ...hooks]))
  expect(plane.engine).toMatchObject(functions(operations))
  expect(engine).toMatchObject(functions([...operations, ...hooks]))
})

test('a client and an agent have the members they promise', () => {
  const members = [
    'createSession',
    'connect',
    'disconnect',
    'on',
    'notifyUserEdit',
    'buildPrompt',
    'copyPrompt',
  ]
  for (const name of members) expect(client.HandshakeClient.prototype).toHaveProperty(name)
  for (const name of ['getContext', 'getDiff', 'action', 'extend', 'claim'])
    expect(client.HandshakeAgent.prototype).toHaveProperty(name)
  expect(client.HandshakeAgent.fromPrompt).toBeTypeOf('function')
})

test('the types are there', () => {
  expectTypeOf<FrameType>().toExtend<string>()
  expectTypeOf<keyof HandshakeSession>().toExtend<string>()
  expectTypeOf<
    'setupSession' | 'contextResponse' | 'processActions' | 'processNotify' | 'processWsMessage'
  >().toExtend<keyof ModeHandler>()
  expectTypeOf<'stream' | 'intervalMs' | 'gate' | 'push' | 'sleep'>().toExtend<keyof BatchIo>()
  expectTypeOf<
    | 'prefix'
    | 'wsPrefix'
    | 'ttlSeconds'
    | 'rateLimitPerMinute'
    | 'validator'
    | 'requireBrowserAuth'
    | 'modeHandlers'
  >().toExtend<keyof HandshakeOptions>()
  expectTypeOf<
    | 'values'
    | 'data'
    | 'changes'
    | 'clients'
    | 'setValue'
    | 'validateValue'
    | 'recordChange'
    | 'changesSince'
    | 'takeRateToken'
  >().toExtend<keyof HandshakeSession>()
  expectTypeOf<ActionEvent | ConnectedEvent | DoneEvent | ErrorEvent>().toExtend<HandshakeEvent>()
  expectTypeOf<'connected' | 'action' | 'done' | 'error'>().toExtend<EventType>()
  expectTypeOf<SessionInfo>().toHaveProperty('notifyUrl')
  expectTypeOf<Context>().toExtend<Record<string, FieldEntry>>()
  expectTypeOf<'baseUrl' | 'prefix' | 'wsPrefix' | 'fetch'>().toExtend<keyof ClientOptions>()
  expectTypeOf<CreateSessionRequest['schema']>().toExtend<SchemaField[] | undefined>()
})

test.each(['handshake', 'server'])('the version of %s is that of its package', async (name) => {
  const text = readFileSync(`${root}/packages/${name}/package.json`, 'utf8')
  const source = readFileSync(`${root}/packages/${name}/src/version.ts`, 'utf8')

  expect(source).toContain(`version = '${JSON.parse(text).version}'`)
})

const functions = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, expect.any(Function)]))
