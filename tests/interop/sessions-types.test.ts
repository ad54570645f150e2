// The types of the sessions plane as programs of the original use them (sessions spec, sections 14.2 to 14.9), written from the
// contract alone. What is wrong here does not compile.
import type * as root from '@parley/sessions/protocol'
import type * as runtime from '@parley/sessions/protocol/runtime'
import type * as session from '@parley/sessions/protocol/session'
import type * as host from '@parley/sessions/protocol/session-host'
import type * as storage from '@parley/sessions/protocol/storage'
import type * as ws from '@parley/sessions/protocol/ws'
import type * as channels from '@parley/sessions/protocol/ws/channels'
import { expect, expectTypeOf, test } from 'vitest'

type Strings = Record<string, string>
type Fields = Record<string, unknown>
/** An intersection as one object. */
type Flat<T> = { [Name in keyof T]: T[Name] }

// 14.2
type Instance = {
  name: string
  typeName: string
  status: 'running' | 'stopped' | 'paused'
  websocketUrl?: string
}

test('runtimes', () => {
  expectTypeOf<runtime.RuntimeInstance>().toEqualTypeOf<Instance>()
  expectTypeOf<runtime.RuntimeInfo>().toEqualTypeOf<{
    typeName: string
    onlyOne: boolean
    instances: Instance[]
  }>()
  expectTypeOf<runtime.SessionEndReason>().toEqualTypeOf<
    'terminated' | 'error' | 'idle_timeout' | 'agent_exit'
  >()

  // One required member, and everything else as the original has it.
  class Least {
    async fetchSession(_sessionId: string, _request: Request): Promise<Response> {
      return new Response()
    }
  }
  class Whole extends Least {
    readonly onlyOne = true
    async fetchInstance(_instanceId: string, _request: Request): Promise<Response> {
      return new Response()
    }
    async start(_instanceId: string): Promise<void> {}
    async stop(_instanceId: string): Promise<void> {}
    async pause(_instanceId: string): Promise<void> {}
    async delete(_instanceId: string): Promise<void> {}
    async getInstanceStatus(_instanceId: string): Promise<'running' | 'stopped' | 'paused' | undefined> {
      return undefined
    }
    getWebsocketUrl(_instanceId: string): string | undefined {
      return undefined
    }
    getDefaultCwd(): string | undefined {
      return undefined
    }
    async dispose(): Promise<void> {}
    getRuntimeMeta(_sessionId: string): Record<string, unknown> | null {
      return null
    }
    async reconnect(_sessionId: string, _runtimeMeta: Record<string, unknown> | null): Promise<boolean> {
      return true
    }
  }
  expectTypeOf<Least>().toExtend<runtime.Runtime>()
  expectTypeOf<Whole>().toExtend<runtime.Runtime>()
  expectTypeOf<Whole>().toExtend<runtime.Runtime<{ image: string }>>()
  expectTypeOf<object>().not.toExtend<runtime.Runtime>()

  type Registry = { local: runtime.Runtime; docker: runtime.Runtime<{ image: string }> }
  expectTypeOf<runtime.RuntimeNames<Registry>>().toEqualTypeOf<'local' | 'docker'>()
  expectTypeOf<{ provider: 'docker'; image: string; setup?: string }>().toExtend<
    runtime.RuntimeConfigFor<Registry>
  >()
  expectTypeOf<{ provider: 'docker' }>().not.toExtend<runtime.RuntimeConfigFor<Registry>>()
  expectTypeOf<runtime.SessionContext<Registry>>().toEqualTypeOf<{
    id: string
    agentName: string
    runtime: 'local' | 'docker'
    spawn: { command: string; args: string[] }
    startedAt: string
  }>()
})

// 14.3
type Entry = {
  path: string
  type: 'file' | 'directory' | 'symlink' | 'other'
  git?: { branch: string; origin?: string }
}
type Option = { optionId: string; name: string; kind: string }
type Permission = { requestId: string; toolCallId: string; title: string; kind?: string; options: Option[] }

test('hosts', () => {
  expectTypeOf<host.FileSystemEntryGitInfo>().toEqualTypeOf<{ branch: string; origin?: string }>()
  expectTypeOf<host.FileSystemEntry>().toEqualTypeOf<Entry>()
  expectTypeOf<host.PermissionRequestEvent>().toEqualTypeOf<Permission>()
  expectTypeOf<host.FilesystemSnapshotEvent>().toEqualTypeOf<{
    snapshot: { root: string; entries: Entry[] }
  }>()
  expectTypeOf<host.FilePreviewEvent>().toEqualTypeOf<{ path: string; content: string }>()
  expectTypeOf<host.PermissionRespondAction>().toEqualTypeOf<{
    action: 'permission.respond'
    requestId: string
    response: { optionId: string }
  }>()
  expectTypeOf<host.FsSnapshotAction>().toEqualTypeOf<{ action: 'fs.snapshot'; path?: string }>()
  expectTypeOf<host.FilePreviewAction>().toEqualTypeOf<{ action: 'file.preview'; path: string }>()
  expectTypeOf<host.SessionCallbackEvent>().toEqualTypeOf<
    | { type: 'permission_request'; data: Permission }
    | { type: 'session_end'; data: { exitCode: number | null } }
    | { type: 'end_turn'; data: { promptResponse: unknown } }
    | { type: 'agent_message'; data: { sessionUpdate: unknown } }
    | { type: 'error'; data: { message: string } }
  >()
  expectTypeOf<host.PermissionCallbackResponse>().toEqualTypeOf<
    { optionId: string } | { outcome: 'cancelled' } | { deferred: true }
  >()
  expectTypeOf<host.SessionHostStartRequest>().toEqualTypeOf<{
    sessionId?: string
    command: string
    args: string[]
    workspace: string
    setup?: string
    env?: Strings
    callbackUrl?: string
  }>()
  expectTypeOf<host.SessionHostStartResponse>().toEqualTypeOf<{
    acpSessionId: string
    hostUrl: string
    websocketUrl: string
    sessionId?: string
  }>()
  expectTypeOf<host.SessionHostHealthResponse>().toEqualTypeOf<{
    status: 'idle' | 'running'
    sessionId?: string
  }>()
})

// 14.5
type Spawn = { command: string; args: string[] }
type TemplateRuntime = {
  provider: string
  image?: string
  dockerfile?: string
  setup?: string
  env?: Strings
}
type Template = { id: string; name: string; spawn: Spawn; runtime: TemplateRuntime; env?: Strings }
type Log = { timestamp: string; type: string; data: Fields }
type Snapshot = {
  root: string
  path?: string
  gitPath?: string
  entries: Entry[]
  truncated: boolean
  maxEntries: number
}
type QueueItem = { queueId: string; text: string; enqueuedAt: string; position: number }
type Queue = { processing: boolean; paused: boolean; items: QueueItem[]; size: number }
type Session = {
  id: string
  agentName: string
  spawn: Spawn
  startedAt: string
  lastUpdatedAt: string
  status: 'active' | 'killed'
  logs: Log[]
  pendingPermission: Permission | null
  fileSystem: Snapshot | null
  promptQueue: Queue | null
  websocketUrl?: string
  runtime?: string
  cwd?: string
  title?: string
}
type EventType = 'permission_request' | 'end_turn' | 'error' | 'session_end'
type Webhook = { id: string; url: string; secret: string; events?: EventType[] }
type Answer = { optionId: string } | { outcome: 'cancelled' }

test('sessions', () => {
  expectTypeOf<session.AgentSpawn>().toEqualTypeOf<Spawn>()
  expectTypeOf<session.AgentTemplateRuntime>().toEqualTypeOf<TemplateRuntime>()
  expectTypeOf<session.AgentTemplate>().toEqualTypeOf<Template>()
  expectTypeOf<session.SessionLog>().toEqualTypeOf<Log>()
  expectTypeOf<session.PendingPermissionOption>().toEqualTypeOf<Option>()
  expectTypeOf<session.PendingPermission>().toEqualTypeOf<Permission>()
  expectTypeOf<session.FileSystemSnapshot>().toEqualTypeOf<Snapshot>()
  expectTypeOf<session.FilePreview>().toEqualTypeOf<{
    path: string
    content: string
    truncated: boolean
    maxChars: number
  }>()
  expectTypeOf<session.QueuedPromptResponse>().toEqualTypeOf<{
    queued: true
    queueId: string
    position: number
  }>()
  expectTypeOf<session.PromptQueueItem>().toEqualTypeOf<QueueItem>()
  expectTypeOf<session.PromptQueueState>().toEqualTypeOf<Queue>()
  expectTypeOf<session.Session>().toEqualTypeOf<Session>()
  expectTypeOf<session.CreateSessionBody>().toEqualTypeOf<{
    sessionId?: string
    cwd?: string
    agentTemplateId?: string
    spawn?: Spawn
    name?: string
    runtimeInstance?: string
    webhooks?: Omit<Webhook, 'id'>[]
  }>()
  expectTypeOf<{
    name: string
    spawn: Spawn
    runtime?: TemplateRuntime
    env?: Strings
  }>().toExtend<session.RegisterAgentTemplateBody>()
  expectTypeOf<session.PromptBody>().toEqualTypeOf<{ text: string }>()
  expectTypeOf<session.PermissionResponseBody>().toEqualTypeOf<Answer>()
  expectTypeOf<session.WebhookEventType>().toEqualTypeOf<EventType>()
  expectTypeOf<session.WebhookConfig>().toEqualTypeOf<Webhook>()
  expectTypeOf<session.WebhookPayload>().toEqualTypeOf<{
    sessionId: string
    eventId: string
    timestamp: string
    event: { type: EventType; data: Fields }
  }>()
})

// 14.6
type Meta = Omit<Session, 'fileSystem' | 'logs' | 'promptQueue'>
type RuntimeInfo = { hostUrl: string; websocketUrl: string; runtimeName: string; runtimeMeta?: Fields | null }
type Stored = { meta: Meta; runtimeInfo: RuntimeInfo | null; webhooks: Webhook[] }

/** A class as somebody wrote it for 0.1.1: fifteen methods, and a patch without `title`. */
class OldStorage {
  async seedAgentTemplates(_templates: session.AgentTemplate[]): Promise<void> {}
  async listAgentTemplates(): Promise<session.AgentTemplate[]> {
    return []
  }
  async getAgentTemplate(_id: string): Promise<session.AgentTemplate | null> {
    return null
  }
  async saveAgentTemplate(_template: session.AgentTemplate): Promise<void> {}
  async updateAgentTemplate(
    _id: string,
    _patch: { name?: string; spawn?: Spawn; runtime?: Partial<TemplateRuntime>; env?: Strings },
  ): Promise<session.AgentTemplate | null> {
    return null
  }
  async createSession(_meta: Meta, _runtimeInfo?: RuntimeInfo, _webhooks?: Webhook[]): Promise<void> {}
  async updateSession(
    _id: string,
    _patch: { lastUpdatedAt?: string; pendingPermission?: Permission | null },
  ): Promise<void> {}
  async getSessionMeta(_id: string): Promise<Omit<Meta, 'cwd' | 'title'> | null> {
    return null
  }
  async getStoredSession(_id: string): Promise<Stored | null> {
    return null
  }
  async listAllSessions(): Promise<Meta[]> {
    return []
  }
  async listActiveSessionsWithRuntime(): Promise<Stored[]> {
    return []
  }
  async finalizeSession(_id: string, _reason: 'terminated'): Promise<void> {}
  async saveRuntimeInstance(_instance: Instance): Promise<void> {}
  async listRuntimeInstances(): Promise<Instance[]> {
    return []
  }
  async deleteRuntimeInstance(_name: string): Promise<void> {}
}

test('storages', () => {
  expectTypeOf<storage.SessionMeta>().toEqualTypeOf<Meta>()
  expectTypeOf<storage.SessionRuntimeInfo>().toEqualTypeOf<RuntimeInfo>()
  expectTypeOf<storage.StoredSession>().toEqualTypeOf<Stored>()
  expectTypeOf<storage.QueuedMessage>().toEqualTypeOf<{
    id: number
    sessionId: string | null
    text: string
    runtime: string
    agent: string
    agentTemplateId: string | null
    directory: string | null
    status: 'pending' | 'sent'
    createdAt: string
    sentAt: string | null
  }>()

  const old: storage.SessionsStorage = new OldStorage()
  const methods = Object.getOwnPropertyNames(OldStorage.prototype).filter((name) => name !== 'constructor')
  expect(methods).toHaveLength(15)
  expect(methods.map((name) => typeof Reflect.get(old, name))).toEqual(Array(15).fill('function'))

  type Later = Required<
    Pick<
      storage.SessionsStorage,
      | 'enqueueMessage'
      | 'listQueuedMessages'
      | 'getNextPendingMessage'
      | 'markMessageSent'
      | 'removeMessage'
      | 'clearMessageQueue'
      | 'recordSessionEnd'
    >
  >
  expectTypeOf<Parameters<Later['markMessageSent']>>().toEqualTypeOf<[id: number]>()
  expectTypeOf<Awaited<ReturnType<Later['enqueueMessage']>>>().toEqualTypeOf<storage.QueuedMessage>()
  expectTypeOf<Parameters<Later['enqueueMessage']>[0]>().toEqualTypeOf<
    Omit<storage.QueuedMessage, 'id' | 'createdAt' | 'sentAt' | 'status'>
  >()
  expectTypeOf<Parameters<storage.SessionsStorage['finalizeSession']>[1]>().toEqualTypeOf<'terminated'>()
})

// 14.7
type Happened = { type: string; data: Fields; timestamp: string }

test('the socket of one session', () => {
  expectTypeOf<ws.WsEventMessage>().toEqualTypeOf<{ type: 'event'; timestamp: string; event: Happened }>()
  expectTypeOf<ws.WsConnectedMessage>().toEqualTypeOf<{ type: 'connected'; sessionId: string }>()
  expectTypeOf<ws.WsErrorMessage>().toEqualTypeOf<{ type: 'error'; message: string }>()
  expectTypeOf<ws.WsServerMessage>().toEqualTypeOf<
    ws.WsEventMessage | ws.WsConnectedMessage | ws.WsErrorMessage
  >()
  expectTypeOf<ws.WsPromptAction>().toEqualTypeOf<{ action: 'prompt'; text: string }>()
  expectTypeOf<ws.WsPermissionRespondAction>().toEqualTypeOf<{
    action: 'permission.respond'
    requestId: string
    body: Answer
  }>()
  expectTypeOf<ws.WsCancelAction>().toEqualTypeOf<{ action: 'cancel'; queueId?: string }>()
  expectTypeOf<ws.WsTerminateAction>().toEqualTypeOf<{ action: 'terminate' }>()
  expectTypeOf<ws.WsPingAction>().toEqualTypeOf<{ action: 'ping' }>()
  expectTypeOf<ws.WsQueueReorderAction>().toEqualTypeOf<{ action: 'queue.reorder'; order: string[] }>()
  expectTypeOf<ws.WsQueueClearAction>().toEqualTypeOf<{ action: 'queue.clear' }>()
  expectTypeOf<ws.WsQueuePauseAction>().toEqualTypeOf<{ action: 'queue.pause' }>()
  expectTypeOf<ws.WsQueueResumeAction>().toEqualTypeOf<{ action: 'queue.resume' }>()
  expectTypeOf<ws.WsControlMessage>().toEqualTypeOf<
    | ws.WsPromptAction
    | ws.WsPermissionRespondAction
    | ws.WsCancelAction
    | ws.WsTerminateAction
    | ws.WsPingAction
    | ws.WsQueueReorderAction
    | ws.WsQueueClearAction
    | ws.WsQueuePauseAction
    | ws.WsQueueResumeAction
  >()
})

// 14.8
type OfSession = { sessionId: string }
type Lifecycle = { sessionId: string; agentId: string }

test('the channel socket', () => {
  expectTypeOf<channels.Channel>().toEqualTypeOf<string>()
  expectTypeOf<channels.WsChannelConnectedMessage>().toEqualTypeOf<{
    type: 'connected'
    connectionId: string
  }>()
  expectTypeOf<channels.WsSubscribedMessage>().toEqualTypeOf<{
    type: 'subscribed'
    channel: string
    truncated?: boolean
  }>()
  expectTypeOf<channels.WsUnsubscribedMessage>().toEqualTypeOf<{ type: 'unsubscribed'; channel: string }>()
  expectTypeOf<channels.WsChannelEventMessage>().toEqualTypeOf<{
    type: 'event'
    channel: string
    sessionId: string
    agentId: string
    seq: number
    event: Happened
  }>()
  expectTypeOf<channels.WsSessionCreatedMessage>().toEqualTypeOf<
    Flat<{ type: 'session.created' } & Lifecycle>
  >()
  expectTypeOf<channels.WsSessionTerminatedMessage>().toEqualTypeOf<
    Flat<{ type: 'session.terminated' } & Lifecycle>
  >()
  expectTypeOf<channels.WsChannelErrorMessage>().toEqualTypeOf<{
    type: 'error'
    message: string
    channel?: string
  }>()
  expectTypeOf<channels.WsPongMessage>().toEqualTypeOf<{ type: 'pong' }>()
  expectTypeOf<channels.WsChannelServerMessage>().toEqualTypeOf<
    | channels.WsChannelConnectedMessage
    | channels.WsSubscribedMessage
    | channels.WsUnsubscribedMessage
    | channels.WsChannelEventMessage
    | channels.WsSessionCreatedMessage
    | channels.WsSessionTerminatedMessage
    | channels.WsChannelErrorMessage
    | channels.WsPongMessage
  >()
})

test('what clients send on the channel socket', () => {
  expectTypeOf<channels.WsSubscribeAction>().toEqualTypeOf<{
    action: 'subscribe'
    channel: string
    since?: number
  }>()
  expectTypeOf<channels.WsUnsubscribeAction>().toEqualTypeOf<{ action: 'unsubscribe'; channel: string }>()
  expectTypeOf<channels.WsChannelPromptAction>().toEqualTypeOf<
    Flat<{ action: 'prompt'; text: string } & OfSession>
  >()
  expectTypeOf<channels.WsChannelPermissionRespondAction>().toEqualTypeOf<
    Flat<{ action: 'permission.respond'; requestId: string; body: Answer } & OfSession>
  >()
  expectTypeOf<channels.WsChannelCancelAction>().toEqualTypeOf<
    Flat<{ action: 'cancel'; queueId?: string } & OfSession>
  >()
  expectTypeOf<channels.WsChannelTerminateAction>().toEqualTypeOf<Flat<{ action: 'terminate' } & OfSession>>()
  expectTypeOf<channels.WsChannelQueueReorderAction>().toEqualTypeOf<
    Flat<{ action: 'queue.reorder'; order: string[] } & OfSession>
  >()
  expectTypeOf<channels.WsChannelQueueClearAction>().toEqualTypeOf<
    Flat<{ action: 'queue.clear' } & OfSession>
  >()
  expectTypeOf<channels.WsChannelQueuePauseAction>().toEqualTypeOf<
    Flat<{ action: 'queue.pause' } & OfSession>
  >()
  expectTypeOf<channels.WsChannelQueueResumeAction>().toEqualTypeOf<
    Flat<{ action: 'queue.resume' } & OfSession>
  >()
  expectTypeOf<channels.WsChannelPingAction>().toEqualTypeOf<{ action: 'ping' }>()
  expectTypeOf<channels.WsChannelTerminalCreateAction>().toEqualTypeOf<{
    action: 'terminal.create'
    sessionId?: string
    data?: string
    cols?: number
    rows?: number
  }>()
  expectTypeOf<channels.WsChannelTerminalInputAction>().toEqualTypeOf<{
    action: 'terminal.input'
    terminalId: string
    data: string
  }>()
  expectTypeOf<channels.WsChannelTerminalResizeAction>().toEqualTypeOf<{
    action: 'terminal.resize'
    terminalId: string
    cols: number
    rows: number
  }>()
  expectTypeOf<channels.WsChannelTerminalKillAction>().toEqualTypeOf<{
    action: 'terminal.kill'
    terminalId: string
  }>()
  expectTypeOf<channels.WsChannelControlMessage['action']>().toEqualTypeOf<
    | root.WsControlMessage['action']
    | ('subscribe' | 'unsubscribe' | 'fs.snapshot' | 'file.preview')
    | `terminal.${'create' | 'input' | 'resize' | 'kill'}`
  >()
})

// 14.9
test('names that are only on the root', () => {
  expectTypeOf<root.RuntimeHostStartSessionRequest>().toEqualTypeOf<{
    sessionId: string
    command: string
    args: string[]
    workspace: string
    setup?: string
    env?: Strings
    callbackUrl?: string
  }>()
  expectTypeOf<root.RuntimeHostStartSessionResponse>().toEqualTypeOf<{
    acpSessionId: string
    sessionId: string
  }>()
  expectTypeOf<root.RuntimeHostSessionStatus>().toEqualTypeOf<{
    sessionId: string
    status: 'idle' | 'running'
  }>()
  expectTypeOf<root.RuntimeHostHealthResponse>().toEqualTypeOf<{
    status: 'ok'
    sessions: root.RuntimeHostSessionStatus[]
  }>()
  expectTypeOf<root.RuntimeHostPromptRequest>().toEqualTypeOf<{ text: string }>()
  expectTypeOf<root.RuntimeHostPermissionResponse>().toEqualTypeOf<{
    optionId?: string
    outcome?: 'cancelled'
  }>()
})

/** Every name of a subpath that the root has as well. */
test('the root has the names of its subpaths', () => {
  expectTypeOf<root.Runtime>().toEqualTypeOf<runtime.Runtime>()
  expectTypeOf<root.RuntimeInfo>().toEqualTypeOf<runtime.RuntimeInfo>()
  expectTypeOf<root.SessionEndReason>().toEqualTypeOf<runtime.SessionEndReason>()
  expectTypeOf<root.Session>().toEqualTypeOf<session.Session>()
  expectTypeOf<root.WebhookPayload>().toEqualTypeOf<session.WebhookPayload>()
  expectTypeOf<root.SessionHostStartRequest>().toEqualTypeOf<host.SessionHostStartRequest>()
  expectTypeOf<root.SessionsStorage>().toEqualTypeOf<storage.SessionsStorage>()
  expectTypeOf<root.QueuedMessage>().toEqualTypeOf<storage.QueuedMessage>()
  expectTypeOf<root.WsControlMessage>().toEqualTypeOf<ws.WsControlMessage>()
  expectTypeOf<root.WsChannelServerMessage>().toEqualTypeOf<channels.WsChannelServerMessage>()
  expectTypeOf<root.WsChannelTerminalCreateAction>().toEqualTypeOf<channels.WsChannelTerminalCreateAction>()
})
