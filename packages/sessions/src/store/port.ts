import type { Op } from '@parley/kernel/db'
import type { Micros } from '@parley/kernel/ids'
import type { Identity, Tenant } from '@parley/kernel/principal'
import type {
  AgentSpawn,
  AgentTemplateRuntime,
  PendingPermission,
  PromptQueueState,
  SessionCommand,
  SessionEnd,
  SessionRuntimeInfo,
  SpoolPosition,
  WebhookConfig,
} from '../protocol/index.js'

/** A session as it is stored; a read model of its stream. Times are microseconds since 1970. */
export type SessionRow = {
  id: string
  tenant: Tenant
  owner: Identity
  agentName: string
  spawn: AgentSpawn
  cwd: string | null
  title: string | null
  status: 'active' | 'killed'
  /** Name of the runtime type. */
  runtimeType: string
  /** Name of the runtime instance. */
  instance: string
  /** Null until the host has started it. */
  runtimeInfo: SessionRuntimeInfo | null
  /** The linked host that has it; null for hosts that are reached by URL. */
  hostId: string | null
  startedAt: Micros
  updatedAt: Micros
  /** True while a turn runs. */
  processing: boolean
  autoApprove: boolean
  queue: PromptQueueState | null
  commands: readonly SessionCommand[]
  /** Hash of the secret in its callback address. */
  callbackHash: string
  /** True once its host has used a callback: then callbacks, not the host's events, say what is told to webhooks. */
  callsBack: boolean
  end: SessionEnd | null
}

/** What a change of a session may set; what is absent stays. */
export type SessionChange = Partial<
  Pick<
    SessionRow,
    | 'title'
    | 'cwd'
    | 'status'
    | 'runtimeInfo'
    | 'hostId'
    | 'updatedAt'
    | 'processing'
    | 'autoApprove'
    | 'queue'
    | 'commands'
    | 'callsBack'
    | 'end'
  >
>

export interface SessionRows {
  /** Refuses its unit when the id is taken. */
  insert(row: SessionRow): Op
  /** Refuses its unit when there is no such session, or when it is not as expected. */
  change(id: string, change: SessionChange, expected?: Partial<Pick<SessionRow, 'status' | 'callsBack'>>): Op
  /** Forgets a session that never ran, with its webhooks and permissions. */
  remove(id: string): Op[]
  find(id: string): Promise<SessionRow | undefined>
  findMany(ids: readonly string[]): Promise<SessionRow[]>
  /** Newest `updatedAt` first, then by id. */
  list(query: { tenantKeys: readonly string[] | 'all'; limit?: number }): Promise<SessionRow[]>
  /** Active ones, oldest first; of one host or instance, or of all. */
  listActive(of?: { hostId?: string; instance?: string }): Promise<SessionRow[]>
  count(): Promise<number>
  /** Of exactly this tenant. */
  countActive(tenant: Tenant): Promise<number>
  insertWebhooks(sessionId: string, webhooks: readonly WebhookConfig[]): Op[]
  listWebhooks(sessionId: string): Promise<WebhookConfig[]>
}

/** A permission request. Its decision says who answered; this says where it stands on the wire. */
export type PermissionRow = {
  sessionId: string
  requestId: string
  decisionId: string
  request: PendingPermission
  /** `deciding`: held back until a handler or auto-approve has had its say. */
  state: 'deciding' | 'open' | 'settled'
  askedAt: Micros
}

export interface PermissionRows {
  /** Refuses its unit when the session has asked it already. */
  insert(row: PermissionRow): Op
  /** Refuses its unit when the state is not one of `from`. */
  change(
    key: { sessionId: string; requestId: string },
    to: PermissionRow['state'],
    from: readonly PermissionRow['state'][],
  ): Op
  find(sessionId: string, requestId: string): Promise<PermissionRow | undefined>
  /** Oldest first. */
  list(sessionId: string): Promise<PermissionRow[]>
  /** Oldest first. */
  listOpen(sessionIds: readonly string[]): Promise<PermissionRow[]>
  /** All that a server which stopped in between has to decide anew. */
  listDeciding(): Promise<PermissionRow[]>
}

export type TemplateRow = {
  id: string
  name: string
  spawn: AgentSpawn
  runtime: AgentTemplateRuntime
  env: Record<string, string> | null
  /** Place among the managed ones; null for one that a user registered. */
  managedPosition: number | null
  createdAt: Micros
}

export interface TemplateRows {
  /** Upserts the managed ones in order, forgets managed ones that are not listed. */
  seed(rows: readonly TemplateRow[]): Op[]
  /** Refuses its unit when the id is taken. */
  insert(row: TemplateRow): Op
  /** Refuses its unit when there is no such template. */
  change(id: string, change: Partial<Pick<TemplateRow, 'name' | 'spawn' | 'runtime' | 'env'>>): Op
  /** Refuses its unit for one that is managed or not there. */
  remove(id: string): Op
  find(id: string): Promise<TemplateRow | undefined>
  /** Managed in order, then by creation and id. */
  list(): Promise<TemplateRow[]>
}

export type InstanceRow = {
  name: string
  typeName: string
  status: 'running' | 'stopped' | 'paused'
  createdAt: Micros
}

export interface InstanceRows {
  /** Upsert by name; keeps `createdAt` of one that is there. */
  save(row: InstanceRow): Op
  remove(name: string): Op
  find(name: string): Promise<InstanceRow | undefined>
  /** Oldest first. */
  list(): Promise<InstanceRow[]>
}

/** A host that dials in, and how far its events have been taken in. */
export type HostRow = {
  id: string
  name: string
  tokenHash: string
  /** Null before its first link. */
  acked: SpoolPosition | null
  /** When its last link ended; null while one is up, or before the first. */
  lostAt: Micros | null
  createdAt: Micros
}

export interface HostRows {
  /** Upsert by id; of one that is there it changes name and token only. */
  save(row: HostRow): Op
  /** Refuses its unit when the position is not `from` any more: this is what makes taking in exact. */
  advance(id: string, from: SpoolPosition | null, to: SpoolPosition): Op
  setLost(id: string, lostAt: Micros | null): Op
  remove(id: string): Op
  find(id: string): Promise<HostRow | undefined>
  findByToken(tokenHash: string): Promise<HostRow | undefined>
  list(): Promise<HostRow[]>
}

/** A request that must reach a host, also when it is away at the moment. */
export type CallRow = {
  /** Idempotency key; unique. */
  key: string
  hostId: string
  sessionId: string
  /** 0 terminate, 1 permissions, 2 the rest: the order after a reconnect. */
  rank: number
  method: string
  path: string
  body: unknown
  createdAt: Micros
}

export interface CallRows {
  /** Refuses its unit when the key is taken. */
  insert(row: CallRow): Op
  remove(key: string): Op
  /** By rank, then age. */
  list(hostId: string): Promise<CallRow[]>
}

/** One entry of the global message queue. `sending` is shown as `pending`. */
export type MessageRow = {
  id: number
  tenant: Tenant
  sender: Identity
  sessionId: string | null
  text: string
  runtime: string
  agent: string
  agentTemplateId: string | null
  directory: string | null
  status: 'pending' | 'sending' | 'sent'
  createdAt: Micros
  sentAt: Micros | null
}

export interface MessageRows {
  /** The id is `nextId()`'s; refuses its unit when it is taken. */
  insert(row: MessageRow): Op
  /** Grows over all nodes. */
  nextId(): Promise<number>
  /** Refuses its unit when the status is not one of `from`. */
  change(id: number, to: Pick<MessageRow, 'status' | 'sentAt'>, from: readonly MessageRow['status'][]): Op
  find(id: number): Promise<MessageRow | undefined>
  /** Oldest first: all that are not sent, and the newest `sentLimit` that are (default 1,000). */
  list(tenantKeys: readonly string[] | 'all', sentLimit?: number): Promise<MessageRow[]>
  /** What of one tenant is not sent yet; `chars` of texts, as they are kept. */
  waiting(tenant: Tenant): Promise<{ count: number; chars: number }>
  /** The oldest pending one of a session. */
  next(sessionId: string): Promise<MessageRow | undefined>
  /** Ones a server that crashed was sending. */
  listSending(): Promise<MessageRow[]>
  /** Sessions that have pending ones. */
  sessionsWaiting(): Promise<string[]>
  remove(id: number): Op
  clear(tenantKeys: readonly string[] | 'all'): Op
}

export interface SettingRows {
  read(): Promise<{ autoApprove: boolean }>
  write(settings: { autoApprove: boolean }): Op
}

/** State of the sessions plane; events are in the log. Changes are statements for the caller's unit. */
export interface SessionsStore {
  sessions: SessionRows
  permissions: PermissionRows
  templates: TemplateRows
  instances: InstanceRows
  hosts: HostRows
  calls: CallRows
  messages: MessageRows
  settings: SettingRows
}
