// What the rooms of the service and the doors share.

import type { Op } from '@parley/kernel/db'
import type { Append, FollowItem, StoredEvent } from '@parley/kernel/log'
import type { Identity, Principal } from '@parley/kernel/principal'
import type {
  AgentTemplate,
  CreateSessionBody,
  EnqueueMessageBody,
  HostRequest,
  HostResponse,
  PendingPermission,
  PermissionCallbackResponse,
  PermissionResponseBody,
  PromptResult,
  QueuedMessage,
  QueuedPromptResponse,
  RegisterAgentTemplateBody,
  RuntimeInfo,
  RuntimeInstance,
  Session,
  SessionCallbackEvent,
  SessionCommand,
  SessionSettings,
  SessionStatus,
  SessionsSettings,
  TerminalSignal,
  WebhookDelivery,
  WebhookDeliveryState,
  WireEvent,
} from '../protocol/index.js'
import type { SessionRow } from '../store/port.js'
import type { FileRequests, GitRequests, QueueRequests } from './asking/port.js'

/** A session without the addresses that depend on who asks under which name; the doors add `websocketUrl`. */
export type SessionView = Omit<Session, 'websocketUrl'>

/** A permission with who answered it. */
export type PermissionView = PendingPermission & {
  state: 'open' | 'answered' | 'cancelled'
  optionId?: string
  answeredBy?: Identity
  /** A standing rule gave the answer. */
  automatic?: boolean
  askedAt: string
  answeredAt?: string
}

/** Every operation takes who acts. Throws errors of `errors.ts`; what is invisible is not found. */
export interface SessionsService {
  /** Of all sessions that are stored. Throws when the store does not answer. */
  health(): Promise<{ sessions: number }>

  settings(by: Principal): Promise<SessionsSettings>
  updateSettings(by: Principal, patch: Partial<SessionsSettings>): Promise<SessionsSettings>

  listAgentTemplates(by: Principal): Promise<AgentTemplate[]>
  registerAgentTemplate(by: Principal, body: RegisterAgentTemplateBody): Promise<AgentTemplate>
  updateAgentTemplate(
    by: Principal,
    id: string,
    patch: Partial<RegisterAgentTemplateBody>,
  ): Promise<AgentTemplate>
  deleteAgentTemplate(by: Principal, id: string): Promise<void>

  /** Names of the runtime types, in the order of the configuration. */
  runtimes(): readonly string[]
  listRuntimes(by: Principal): Promise<RuntimeInfo[]>
  startRuntime(by: Principal, typeName: string, instanceName?: string): Promise<RuntimeInstance>
  stopRuntime(by: Principal, instanceName: string): Promise<void>
  pauseRuntime(by: Principal, instanceName: string): Promise<void>
  deleteRuntime(by: Principal, instanceName: string): Promise<void>
  /** A request of the host contract to an instance (`/files`, `/fs/…`, `/terminals…`); statuses as in section 2.5. */
  fetchInstance(by: Principal, instanceName: string, request: HostRequest): Promise<HostResponse>

  /** `callbackOrigin`: under which origin a host that calls back reaches this server. */
  createSession(
    by: Principal,
    body: CreateSessionBody,
    options: { callbackOrigin?: string },
  ): Promise<SessionView>
  listSessions(by: Principal): Promise<SessionView[]>
  getSession(
    by: Principal,
    id: string,
    options?: { includeFileSystem?: boolean; showAllFiles?: boolean },
  ): Promise<SessionView>
  getSessionStatus(by: Principal, id: string): Promise<SessionStatus>
  sessionCommands(by: Principal, id: string): Promise<SessionCommand[]>
  terminateSession(by: Principal, id: string): Promise<void>
  /** Sessions that were active before this plane was opened and go on: it found them, or waits for the host that has them. */
  recovered(by: Principal): Promise<SessionView[]>
  sessionSettings(by: Principal, id: string): Promise<SessionSettings>
  updateSessionSettings(by: Principal, id: string, patch: Partial<SessionSettings>): Promise<SessionSettings>

  /** Resolves when the turn is over, or at once when the prompt was queued. */
  promptSession(
    by: Principal,
    id: string,
    text: string,
    options?: { signal?: AbortSignal },
  ): Promise<PromptResult | QueuedPromptResponse>
  /** Resolves when the host has taken it; what comes of it are events. */
  sendPrompt(by: Principal, id: string, text: string): Promise<{ accepted: true } | QueuedPromptResponse>
  cancelTurn(by: Principal, id: string): Promise<void>

  /** `via`: an answer over REST, which is the default, is an event of its own (section 4.2). */
  resolvePermission(
    by: Principal,
    id: string,
    requestId: string,
    body: PermissionResponseBody,
    via?: 'rest' | 'socket',
  ): Promise<void>
  listPermissions(by: Principal, id: string): Promise<PermissionView[]>

  /**
   * A request of the host contract below a live session (`/queue…`, `/files`, `/fs/…`, `/mode`, `/model`, `/config`); answers
   * with the host's status. Throws `sessionNotFound` for one that is unknown or ended.
   */
  fetchSession(by: Principal, id: string, request: HostRequest): Promise<HostResponse>

  files: FileRequests
  git: GitRequests
  queue: QueueRequests

  /** The row behind a session the caller sees, ended or not; undefined otherwise. */
  find(by: Principal, id: string): Promise<SessionRow | undefined>
  /** Everything after `after`, then caught up, then live. Throws `agentNotFound`. */
  follow(
    by: Principal,
    id: string,
    options: { after?: number; signal: AbortSignal },
  ): Promise<AsyncIterable<FollowItem>>
  /** All events of a session after a number, oldest first; at most `limit` (default 500). */
  history(by: Principal, id: string, options?: { after?: number; limit?: number }): Promise<StoredEvent[]>

  messages: {
    list(by: Principal): Promise<QueuedMessage[]>
    enqueue(
      by: Principal,
      body: EnqueueMessageBody,
      options: { callbackOrigin?: string },
    ): Promise<QueuedMessage>
    /** Sends it now, also when it was sent before; resolves with what the prompt answered. */
    send(by: Principal, id: number): Promise<PromptResult | QueuedPromptResponse>
    remove(by: Principal, id: number): Promise<void>
    clear(by: Principal): Promise<void>
  }

  /** A callback of a host (section 4.4). The secret of its address is the credential. */
  handleCallback(
    id: string,
    secret: string | undefined,
    event: SessionCallbackEvent | { type: string; data: Record<string, unknown> },
  ): Promise<PermissionCallbackResponse | { ok: true }>

  /** What webhooks of a session were given up, wait, or were sent; the newest first. */
  webhooks?: {
    deliveries(by: Principal, id: string, query?: WebhookDeliveryQuery): Promise<WebhookDelivery[]>
    /** Sends one that waits or was given up now. Throws `webhookNotFound` for every other. */
    retry(by: Principal, id: string, deliveryId: string): Promise<void>
  }

  /** Terminals of an instance: live ones, and what is kept. */
  terminals: {
    kept(
      by: Principal,
      instance: string,
      since: number,
    ): Promise<{ events: TerminalSignal[]; truncated: boolean }>
    tap(by: Principal, instance: string, listener: (signal: TerminalSignal) => void): Promise<() => void>
  }
}

export type WebhookDeliveryQuery = {
  state?: WebhookDeliveryState
  /** Only deliveries with a smaller `position`. */
  before?: number
  /** 1 to 500; default 50. */
  limit?: number
}

/** Something that happened in a session and is about to be stored, or has just been. */
export type Happened = {
  session: SessionRow
  event: WireEvent
  /** How it came in, as `Incoming` says. */
  via?: Incoming['via']
}

/** Rooms that act on what happens: webhooks put rows into the unit, queues and handlers act after its commit. */
export type Observer = {
  /** Statements for the unit that stores the event. A promise only for the few events that need one. */
  ops?(happened: Happened): readonly Op[] | Promise<readonly Op[]>
  /** Called after the commit, in order; must not throw and must not take long. */
  committed?(happened: Happened): void
}

/** One event on its way into the stream of a session. */
export type Incoming = {
  sessionId: string
  event: WireEvent
  actor?: Identity
  /**
   * A host told it by a callback (section 4.4); `firstCallback`: by the first of its session that stores an event. Observers
   * see it in `Happened`.
   */
  via?: 'callback' | 'firstCallback'
  /** Of a `permission_request` that is on record already: it is only shown now. */
  isOnRecord?: true
}

/** The one way in which events come into sessions' streams, whoever brings them. */
export interface Intake {
  /**
   * Stores events in order, with the rows they change, in one unit with `guards` and `appends` to other streams. False when
   * a guard refused. Events of sessions that are unknown or not of `hostId` are dropped and counted. A session ends once: a
   * second `session.terminated` is dropped.
   */
  take(
    events: readonly Incoming[],
    options?: { guards?: readonly Op[]; appends?: readonly Append[]; hostId?: string },
  ): Promise<boolean>
}

/** Requests to whatever has a session or is an instance; picks the runtime. */
export interface RuntimeRouter {
  session(
    session: SessionRow,
    request: HostRequest,
    options?: { timeoutMs?: number; signal?: AbortSignal },
  ): Promise<HostResponse>
  instance(typeName: string, instanceName: string, request: HostRequest): Promise<HostResponse>
}
