// The names of the threads plane that docs/coming-from.md promises. A name that goes away is a breaking change and fails here.
import { openGround } from '@parley/kernel/ground'
import { recordingBroadcaster } from '@parley/testkit'
import type {
  AnalyticsEvent,
  AssistantAnalytics,
  AssistantHandler,
  Authenticate,
  Authorize,
  AuthorizeAction,
  Broadcaster,
  EventCursor,
  EventDraft,
  HandlerContext,
  HandlerSend,
  HandshakeData,
  MemberRow,
  OnAnalytics,
  Page,
  RunRow,
  TenantScope,
  ThreadCursor,
  ThreadPatch,
  ThreadRow,
  ThreadStore,
  ThreadsOptions,
} from '@parley/threads'
import * as threads from '@parley/threads'
import * as client from '@parley/threads/client'
import * as protocol from '@parley/threads/protocol'
import { expect, expectTypeOf, onTestFinished, test } from 'vitest'

/** Schemas whose types have the same name. */
const schemas = [
  ['Identity', 'UserIdentity', 'AssistantIdentity', 'SystemIdentity', 'TenantScope'],
  ['Thread', 'ThreadMember', 'Run', 'RunStatus', 'RunError', 'ThreadCursor', 'EventDraft'],
  ['ThreadEvent', 'MessageEvent', 'ReasoningEvent', 'ToolCallEvent', 'ToolResultEvent'],
  ['ThreadCreatedEvent', 'ThreadMemberAddedEvent', 'ThreadMemberRemovedEvent', 'ThreadTenantChangedEvent'],
  ['RunStartedEvent', 'RunCompletedEvent', 'RunFailedEvent', 'RunCancelledEvent'],
  ['ContentPart', 'TextPart', 'ImagePart', 'AudioPart', 'DocumentPart', 'FormPart'],
].flat()

const helpers = [
  ['user', 'assistant', 'system', 'text', 'parseEvent', 'tenantMatches'],
  ['NamespaceViolation', 'deriveNamespacePath', 'parseNamespacePath', 'validateNamespaceValue'],
  ['authorizeActions', 'clientEvents', 'serverEvents'],
].flat()

test.each([
  ['@parley/threads', threads, [...schemas, ...helpers]],
  ['@parley/threads/protocol', protocol, [...schemas, ...helpers]],
  ['@parley/threads', threads, ['createThreads', 'sqlThreadStore', 'socketIoBroadcaster', 'threadsErrors']],
  ['@parley/threads/client', client, ['createThreadsClient', 'ThreadsClientError']],
])('%s exports what it promises', (_name, module, names) => {
  expect(Object.keys(module)).toEqual(expect.arrayContaining(names))
})

test('every schema reads a value', () => {
  for (const name of schemas)
    expect(Reflect.get(protocol, name)).toMatchObject({ parse: expect.any(Function) })
})

test('a plane has the members it promises', async () => {
  const plane = threads.createThreads({ authenticate: () => null })
  onTestFinished(() => plane.stop())

  const names = ['fetch', 'node', 'upgrade', 'service', 'stop', 'assistant', 'attachSocketIo']
  for (const name of names) expect(plane).toHaveProperty(name, expect.any(Function))
})

test('a plane takes a store of its own on its ground, and no store without one', async () => {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const store = threads.sqlThreadStore(ground.db)
  const authenticate = () => null

  const plane = threads.createThreads({ authenticate, ground, store, broadcaster: recordingBroadcaster() })
  onTestFinished(() => plane.stop())

  await plane.ready
  expect(() => threads.createThreads({ authenticate, store })).toThrow(TypeError)
})

test('events, actions and codes have the names of the original', () => {
  expect(Object.values(protocol.clientEvents)).toEqual(
    expect.arrayContaining(['thread:join', 'thread:leave', 'message:send', 'assistant:invoke', 'run:cancel']),
  )
  expect(Object.values(protocol.serverEvents)).toEqual(
    expect.arrayContaining(['event', 'thread:updated', 'members:updated', 'run:updated']),
  )
  const actions = ['thread.read', 'thread.update', 'thread.delete', 'message.send', 'assistant.invoke']
  expect(protocol.authorizeActions).toEqual(
    expect.arrayContaining([...actions, 'member.add', 'member.remove', 'run.cancel']),
  )
})

test('the types are there', () => {
  expectTypeOf<
    | 'store'
    | 'authenticate'
    | 'authorize'
    | 'onAnalytics'
    | 'namespaceKeys'
    | 'runTimeoutSeconds'
    | 'replayCap'
    | 'broadcaster'
    | 'prefix'
    | 'socketPath'
    | 'autoJoinAssistants'
    | 'allowedOrigins'
  >().toExtend<keyof ThreadsOptions>()
  expectTypeOf<'headers' | 'auth'>().toExtend<keyof HandshakeData>()
  expectTypeOf<Authenticate>().toBeFunction()
  expectTypeOf<Parameters<Authorize>[2]>().toEqualTypeOf<AuthorizeAction>()
  expectTypeOf<AuthorizeAction>().toExtend<string>()
  expectTypeOf<
    'thread' | 'run' | 'assistant' | 'events' | 'members' | 'analytics' | 'invoke' | 'signal'
  >().toExtend<keyof HandlerContext>()
  expectTypeOf<'message' | 'reasoning' | 'toolCall' | 'toolResult'>().toExtend<keyof HandlerSend>()
  expectTypeOf<Parameters<AssistantHandler>>().toEqualTypeOf<[HandlerContext, HandlerSend]>()
  expectTypeOf<Parameters<AssistantAnalytics['track']>[0]>().toEqualTypeOf<string>()
  expectTypeOf<Parameters<OnAnalytics>[0]>().toEqualTypeOf<AnalyticsEvent[]>()
  expectTypeOf<
    | 'broadcastEvent'
    | 'broadcastThreadUpdated'
    | 'broadcastMembersUpdated'
    | 'broadcastRunUpdated'
    | 'broadcastThreadDeleted'
    | 'evict'
  >().toExtend<keyof Broadcaster>()
  expectTypeOf<Page<number>['items']>().toEqualTypeOf<number[]>()
  expectTypeOf<'created_at' | 'id'>().toExtend<keyof ThreadCursor>()
  expectTypeOf<ThreadCursor | { seq: number }>().toExtend<EventCursor>()
  expectTypeOf<'tenant' | 'metadata'>().toExtend<keyof ThreadPatch>()
  expectTypeOf<EventDraft>().toHaveProperty('client_id')
  expectTypeOf<TenantScope>().toExtend<Record<string, string>>()
  expectTypeOf<ThreadStore['findThread']>().returns.resolves.toEqualTypeOf<ThreadRow | undefined>()
  expectTypeOf<ThreadStore['findRun']>().returns.resolves.toEqualTypeOf<RunRow | undefined>()
  expectTypeOf<ThreadStore['listMembers']>().returns.resolves.toEqualTypeOf<MemberRow[]>()
})
