// What the server lends to runtimes of its own making. Runtimes of others implement `Runtime` only.

import type { Clock } from '@parley/kernel/ids'
import type { HostRequest, HostResponse, Runtime, WireEvent } from '../protocol/index.js'

/** Requests to hosts that are linked to this server or to one of its other nodes. */
export interface HostLinks {
  /**
   * Sends a request and resolves with its one answer; 503 `{"error":"host not connected"}` with `retry-after` while there is
   * no link, 504 when no answer came in time, 429 when too many are open.
   */
  request(
    hostId: string,
    request: HostRequest,
    options?: { timeoutMs?: number; signal?: AbortSignal },
  ): Promise<HostResponse>
  /** True when the host is linked to this node or another. */
  isConnected(hostId: string): Promise<boolean>
  /** Resolves when the host is linked and its spool has been taken in; rejects with the signal's reason. */
  connected(hostId: string, signal: AbortSignal): Promise<void>
  /**
   * Makes a host known, or replaces the token of one that is. The token is kept as a hash.
   */
  register(host: { hostId: string; name: string; token: string }): Promise<void>
}

/** A session whose events its runtime brings in. */
export type FedSession = {
  sessionId: string
  /** What its host said at the start; may be empty. */
  websocketUrl: string
  /** The host's number of the last event that is stored; 0 before the first. */
  position: number
}

/** The sessions of one runtime type, for the one node that follows them. */
export interface HeldFeed {
  /** The active ones. */
  sessions(): Promise<FedSession[]>
  /** Resolves when the list may have changed, at the latest after some seconds. Rejects with the signal's reason. */
  changed(signal: AbortSignal): Promise<void>
  /**
   * Stores events of a session in order, with the host's number of the last one, in one unit. False when another node
   * follows by now: nothing was stored.
   */
  take(sessionId: string, events: readonly WireEvent[], position: number): Promise<boolean>
}

/** How a runtime brings in what happens on hosts that do not dial in. */
export interface SessionFeed {
  /**
   * Runs `work` whenever this node is the one that follows the sessions of the runtime type. Its signal aborts when the
   * node is that no more, or the plane stops; then it has to end.
   */
  lead(work: (feed: HeldFeed, signal: AbortSignal) => Promise<void>): void
}

/** What a runtime gets when the plane opens. */
export type RuntimeContext = {
  links: HostLinks
  /** The name under which the runtime is registered. */
  typeName: string
  /** Hands a socket that a host opened to the plane: what `upgrade` of the plane does for `/api/hosts/link`. */
  acceptLink(
    request: import('node:http').IncomingMessage,
    socket: import('node:stream').Duplex,
    head: Buffer,
  ): void
  onFault(error: unknown, where: string): void
  /** For runtimes whose hosts are reached by URL. */
  feed?: SessionFeed
  /** Default: the machine's. */
  clock?: Clock
}

/** A runtime that is part of the plane. */
export interface AttachedRuntime extends Runtime {
  attach(context: RuntimeContext): void
  /** The plane stops: gives back what it holds in this process. Hosts and their sessions go on, unless `dispose` came before. */
  detach?(): Promise<void>
  /**
   * Id of the linked host behind an instance; undefined when none dials in. Asked before a session starts there, so that the
   * host's events find their session, and before somebody listens to its terminals: starts or finds the host.
   */
  hostOf?(instanceId: string): Promise<string | undefined>
}

/** True for a runtime that wants the plane's context. */
export function isAttached(runtime: Runtime): runtime is AttachedRuntime {
  return 'attach' in runtime && typeof runtime.attach === 'function'
}

/** Headers of the requests that runtimes get, beside the contract's. */
export const runtimeHeaders = {
  /** The session's directory: the bytes of its UTF-8 as characters, as HTTP has them. */
  cwd: 'x-session-cwd',
  /** `HostRequest.key`: makes a repetition harmless. */
  key: 'idempotency-key',
} as const
