import type { Ground, GroundOptions } from '@parley/kernel/ground'
import type { Principal } from '@parley/kernel/principal'
import type {
  AgentTemplate,
  PendingPermissionOption,
  Runtime,
  SessionContext,
  SessionEndReason,
  SessionsStorage,
  WebhookConfig,
} from '../protocol/index.js'

/** Says who calls, or null. Called once a request and once a connection. */
export type Authenticate = (
  request: Request,
  remoteAddress: string,
) => Promise<Principal | null> | Principal | null

export type PermissionResponse = { optionId: string } | { outcome: 'cancelled' }

/** Runtimes by the names of their types. */
export type Runtimes = Record<string, Runtime>

/** What `onPermissionRequest` gets. */
export type PermissionRequestContext<R extends Runtimes = Runtimes> = {
  session: SessionContext<R>
  requestId: string
  toolCallId: string
  title: string
  kind: string | undefined
  options: PendingPermissionOption[]
  /** The first option whose kind begins with `allow`, else cancelled. */
  allow(): PermissionResponse
  /** The first option whose kind begins with `reject`, else cancelled. */
  deny(): PermissionResponse
}

export type SessionEndContext<R extends Runtimes = Runtimes> = {
  session: SessionContext<R>
  reason: SessionEndReason
  exitCode?: number
}
export type AgentMessageContext<R extends Runtimes = Runtimes> = {
  session: SessionContext<R>
  type: string
  data: unknown
}
export type ErrorContext<R extends Runtimes = Runtimes> = { session: SessionContext<R>; error: Error }

/** What an application is told of. Exceptions of handlers never reach a host. */
export type SessionsHandlers<R extends Runtimes = Runtimes> = {
  /** Returning nothing, or throwing, leaves the question to people. */
  onPermissionRequest?(context: PermissionRequestContext<R>): Promise<PermissionResponse | undefined>
  /** Runs on every end. */
  onSessionEnd?(context: SessionEndContext<R>): Promise<void>
  onAgentMessage?(context: AgentMessageContext<R>): Promise<void>
  onError?(context: ErrorContext<R>): Promise<void>
}

/** How the plane behaves. */
export type SessionsOptions<R extends Runtimes = Runtimes> = SessionsHandlers<R> & {
  authenticate: Authenticate
  /** Name → runtime; at least one. Default: `{ local: localRuntime() }`. */
  runtimes?: R
  /** Managed templates, in order. Absent: none are seeded. */
  agentTemplates?: readonly AgentTemplate[]
  /** Sent events of every session, before the session's own. */
  webhooks?: readonly Omit<WebhookConfig, 'id'>[]
  /** Replaces the address of the request for hosts that call back; ends in `/api`. */
  callbackUrl?: string
  /** Callbacks need no secret: only for a plane on loopback whose hosts are all on this machine. Default false. */
  trustCallbacks?: boolean
  /** State of sessions as users of the original keep it; written to besides ours. Default none. */
  storage?: SessionsStorage
  ground?: Ground
  database?: GroundOptions['database']
  bus?: GroundOptions['bus']
  /** Where the routes live; default `/api`. */
  prefix?: string
  /** Other origins whose pages may call and connect. Default none. */
  allowedOrigins?: readonly string[]
  /** Origin under which pages reach this server. Default: the request's own. */
  publicUrl?: string
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. Default none. */
  trustedProxies?: readonly string[]
  /** True, or hosts and networks, to which webhooks may go although they are private. Default false. */
  allowPrivateAddresses?: boolean | readonly string[]
  limits?: Partial<SessionsLimits>
  onFault?(error: unknown, where: string): void
}

export type SessionsLimits = {
  /** Bytes of a request's body and of a socket's message; default 1 MiB. */
  bodyBytes: number
  /** Active sessions of one tenant; default 256. */
  sessions: number
  /** Subscriptions of one connection; default 100. */
  subscriptions: number
  /** Sockets of one principal on each node; default 100. */
  sockets: number
}
