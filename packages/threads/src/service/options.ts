import type { Ground, GroundOptions } from '@parley/kernel/ground'
import { type AuthorizeAction, assertNamespaceKeys, type Identity } from '../protocol/index.js'
import type { ThreadStore } from '../store/port.js'
import type { Broadcaster } from './broadcaster.js'
import type { OnAnalytics } from './runs/handler.js'
import type { WebhookOptions } from './webhooks/options.js'

/** What comes with a request or a connection. Header names are in lower case. */
export type HandshakeData = {
  headers: Readonly<Record<string, string>>
  /** The auth object of a Socket.IO connection; `{}` for a request. */
  auth: Readonly<Record<string, unknown>>
}

/** Says who calls, or null. Called once a request and once a connection; what it throws is answered as `internal`. */
export type Authenticate = (data: HandshakeData) => Promise<Identity | null> | Identity | null

/** Says whether a member may do it. Asked after tenant and membership (contract 1.3, 1.4). */
export type Authorize = (
  identity: Identity,
  threadId: string,
  action: AuthorizeAction,
  target: { targetId?: string },
) => Promise<boolean> | boolean

/** How the plane behaves. Everything but `authenticate` has a default. */
export type ThreadsOptions = {
  authenticate: Authenticate
  /** Default: members may do everything. */
  authorize?: Authorize
  /** Isolation on top of tenants (contract 7): the tenant keys that make a namespace. Default none. */
  namespaceKeys?: readonly string[]
  /** Default: one of its own, from `database` and `bus`. */
  ground?: Ground
  /** State of threads on the database of `ground`, which is needed then. Default `sqlThreadStore(ground.db)`. */
  store?: ThreadStore
  /** Default SQLite in memory. */
  database?: GroundOptions['database']
  bus?: GroundOptions['bus']
  /** Where the routes live; default `/acp`. */
  prefix?: string
  /** Where Socket.IO lives; default `/socket.io`. */
  socketPath?: string
  /**
   * Other origins whose pages may call and connect, for example `https://app.example`; `*` is any, without cookies. Default
   * none: pages that are not under this server's own origin can't change anything here.
   */
  allowedOrigins?: readonly string[]
  /** Origin under which pages reach this server, for the origin check behind proxies. Default: the request's own. */
  publicUrl?: string
  /** Most events of one replay; default 500. What is left comes with the next join. */
  replayCap?: number
  /** How often a socket's handshake is authenticated anew. Default 0: never. */
  revalidateSeconds?: number
  /** Callers may create threads in tenants they don't see, and move threads there. Default false. */
  foreignTenants?: boolean
  /** `GET /threads/:id` needs no membership. Default false. */
  readWithoutMembership?: boolean
  /** URL schemes of parts beside `http` and `https`. Default none; `javascript` and `data` are never allowed. */
  urlSchemes?: readonly string[]
  /** Longest time of a run, from the start of its handler; default 120. */
  runTimeoutSeconds?: number
  /** Invoking a registered assistant that is no member makes it one, by the caller, instead of 403. Default false. */
  autoJoinAssistants?: boolean
  /** What a handler throws is told in `run.failed`. Default true; false: `handler failed`. */
  exposeErrors?: boolean
  /** Gets what handlers track. Default: nobody does. */
  onAnalytics?: OnAnalytics
  /** Pushes to sockets that are the application's own, beside those of the plane. Default none. */
  broadcaster?: Broadcaster
  /** Where webhooks may go, and how long they are tried and kept. */
  webhooks?: WebhookOptions
  limits?: Partial<ThreadsLimits>
  /** Rooms are told which of their members have a socket in them. Default false. */
  presence?: boolean
  /** Told of faults that have no caller. Default: written to stderr. */
  onFault?(error: unknown, where: string): void
}

/** Bounds of what callers send. */
export type ThreadsLimits = {
  /** Bytes of a request's body; default 1 MiB. */
  bodyBytes: number
  /** Members of one thread; default 1,000. */
  members: number
  /** State changes of one identity in ten seconds, on each node; default 200. */
  writesPer10Seconds: number
}

/** Options with their defaults filled in. */
export type ResolvedOptions = ThreadsOptions &
  Required<
    Pick<
      ThreadsOptions,
      | 'namespaceKeys'
      | 'prefix'
      | 'socketPath'
      | 'replayCap'
      | 'revalidateSeconds'
      | 'foreignTenants'
      | 'readWithoutMembership'
      | 'urlSchemes'
      | 'runTimeoutSeconds'
      | 'exposeErrors'
      | 'presence'
      | 'allowedOrigins'
      | 'autoJoinAssistants'
    >
  > & { limits: ThreadsLimits }

const defaultLimits: ThreadsLimits = { bodyBytes: 1024 * 1024, members: 1_000, writesPer10Seconds: 200 }

/**
 * Fills in defaults. Throws a `TypeError` for namespace keys that are empty or not distinct names, and for a store without
 * its ground.
 */
export function resolveOptions(given: ThreadsOptions): ResolvedOptions {
  if (given.namespaceKeys !== undefined) assertNamespaceKeys(given.namespaceKeys)
  if (given.store && !given.ground) throw new TypeError('The option `store` needs the `ground` it stands on.')
  return {
    ...given,
    namespaceKeys: given.namespaceKeys ?? [],
    prefix: given.prefix ?? '/acp',
    socketPath: given.socketPath ?? '/socket.io',
    replayCap: given.replayCap ?? 500,
    revalidateSeconds: given.revalidateSeconds ?? 0,
    foreignTenants: given.foreignTenants ?? false,
    readWithoutMembership: given.readWithoutMembership ?? false,
    urlSchemes: given.urlSchemes ?? [],
    runTimeoutSeconds: given.runTimeoutSeconds ?? 120,
    exposeErrors: given.exposeErrors ?? true,
    presence: given.presence ?? false,
    allowedOrigins: given.allowedOrigins ?? [],
    autoJoinAssistants: given.autoJoinAssistants ?? false,
    limits: { ...defaultLimits, ...given.limits },
  }
}
