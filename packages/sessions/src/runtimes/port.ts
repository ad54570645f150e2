// What the server lends to runtimes of its own making. Runtimes of others implement `Runtime` only.

import type { HostRequest, HostResponse, Runtime } from '../protocol/index.js'

/** Requests to hosts that are linked to this server or to one of its other nodes. */
export interface HostLinks {
  /**
   * Sends a request and resolves with its one answer; 503 `{"error":"host not connected"}` with `retry-after` while there is
   * no link, 504 when no answer came in time, 429 when too many are open.
   */
  request(hostId: string, request: HostRequest, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<HostResponse>
  /** True when the host is linked to this node or another. */
  isConnected(hostId: string): Promise<boolean>
  /** Resolves when the host is linked and its spool has been taken in; rejects with the signal's reason. */
  connected(hostId: string, signal: AbortSignal): Promise<void>
  /**
   * Makes a host known, or replaces the token of one that is. The token is kept as a hash.
   */
  register(host: { hostId: string; name: string; token: string }): Promise<void>
}

/** What a runtime gets when the plane opens. */
export type RuntimeContext = {
  links: HostLinks
  /** The name under which the runtime is registered. */
  typeName: string
  /** Hands a socket that a host opened to the plane: what `upgrade` of the plane does for `/api/hosts/link`. */
  acceptLink(request: import('node:http').IncomingMessage, socket: import('node:stream').Duplex, head: Buffer): void
  onFault(error: unknown, where: string): void
}

/** A runtime that is part of the plane. */
export interface AttachedRuntime extends Runtime {
  attach(context: RuntimeContext): void
}

/** True for a runtime that wants the plane's context. */
export function isAttached(runtime: Runtime): runtime is AttachedRuntime {
  return 'attach' in runtime && typeof runtime.attach === 'function'
}
