// Requests to hosts, wherever their links are (section 13.4).
import { isParleyError } from '@parley/kernel/errors'
import type { NodeId } from '@parley/kernel/ids'
import { type HostRequest, type HostResponse, linkLimits } from '../../protocol/index.js'
import { hashSecret } from '../secrets.js'
import type { Changes } from './changes.js'
import type { HostLink } from './link.js'
import { askNode, type RequestAnswer } from './nodes.js'
import { lost } from './open-requests.js'
import { leaseNameOf, type Owners } from './owners.js'
import type { HostsDeps } from './parts.js'

/** Requests to linked hosts; what runtimes are lent as `HostLinks`. */
export interface HostLinks {
  /**
   * Resolves with the one answer; 503 with `retry-after` while there is no link, 504 when no answer came in time, 429 when
   * too many are open. Rejects with the signal's reason. What was under way when a link broke is repeated on the next one,
   * with its key.
   */
  request(hostId: string, request: HostRequest, options?: RequestOptions): Promise<HostResponse>
  /** True when the host is linked to this node or another. */
  isConnected(hostId: string): Promise<boolean>
  /** Resolves when the host is linked and its spool has been taken in; rejects with the signal's reason. */
  connected(hostId: string, signal: AbortSignal): Promise<void>
  /** Makes a host known, or replaces the token of one that is. */
  register(host: { hostId: string; name: string; token: string }): Promise<void>
}

/** `timeoutMs`: default 30 seconds, 120 for a start. */
export type RequestOptions = { timeoutMs?: number; signal?: AbortSignal }

export type HostLinksParts = { deps: HostsDeps; owners: Owners<HostLink>; changes: Changes }

/** How often is looked whether a host came back to another node. */
const lookAgainMs = 500
/** A node has to bring the answer over as well. */
const betweenNodesMs = 2_000

export function createHostLinks(parts: HostLinksParts): HostLinks {
  const { deps, owners, changes } = parts
  return {
    request: (hostId, request, options) => new Asking(parts, hostId, request, options).answer(),
    isConnected: async (hostId) =>
      owners.find(hostId)?.isUp === true || (await holderOf(deps, hostId)) !== undefined,
    connected: async (hostId, signal) => {
      while (!(await isCaughtUp(parts, hostId))) await changes.next(lookAgainMs, signal)
      signal.throwIfAborted()
    },
    register: async ({ hostId, name, token }) => {
      const { store, ground } = deps
      const createdAt = ground.clock.micros()
      const row = { id: hostId, name, tokenHash: hashSecret(token), acked: null, lostAt: null, createdAt }
      await ground.log.commit({ ops: [store.hosts.save(row)], appends: [] })
    },
  }
}

/** The other node that has a host's link. */
export async function holderOf({ ground }: HostsDeps, hostId: string): Promise<NodeId | undefined> {
  const holder = await ground.leases.holder(leaseNameOf(hostId))
  return holder && holder.node !== ground.node ? holder.node : undefined
}

async function isCaughtUp({ deps, owners }: HostLinksParts, hostId: string): Promise<boolean> {
  const link = owners.find(hostId)
  if (link) return link.isCaughtUp
  const node = await holderOf(deps, hostId)
  if (node === undefined) return false
  return (await askNode(deps.ground.bus, node, { ask: 'isCaughtUp', hostId }).catch(() => false)) === true
}

/** One request, until it is answered or nobody waits for it. */
class Asking {
  readonly #parts: HostLinksParts
  readonly #hostId: string
  readonly #request: HostRequest
  readonly #signal: AbortSignal | undefined
  readonly #deadline: number

  constructor(
    parts: HostLinksParts,
    hostId: string,
    request: HostRequest,
    { timeoutMs, signal }: RequestOptions = {},
  ) {
    const { ids, clock } = parts.deps.ground
    this.#parts = parts
    this.#hostId = hostId
    this.#request = wantsKey(request) ? { ...request, key: ids.next('key') } : request
    this.#signal = signal
    this.#deadline = clock.now() + (timeoutMs ?? defaultWait(request))
  }

  async answer(): Promise<HostResponse> {
    this.#signal?.throwIfAborted()
    let lostAt: number | undefined
    for (;;) {
      const answer = await this.#once()
      if ('response' in answer) return answer.response
      // Only what was under way when a link broke waits for the next one.
      if (lostAt === undefined && answer.none === 'absent') return notConnected
      if (!mayRepeat(this.#request)) return notConnected
      const now = this.#parts.deps.ground.clock.now()
      if (answer.none === 'lost' || lostAt === undefined) lostAt = now
      const leftMs = Math.min(lostAt + linkLimits.withoutLinkMs, this.#deadline) - now
      if (leftMs <= 0) return notConnected
      await this.#parts.changes.next(Math.min(lookAgainMs, leftMs), this.#signal)
    }
  }

  async #once(): Promise<RequestAnswer> {
    const { deps, owners } = this.#parts
    const timeoutMs = Math.max(1, this.#deadline - deps.ground.clock.now())
    const link = owners.find(this.#hostId)
    if (link) {
      if (!link.isUp) return { none: 'absent' }
      const answer = await link.call(this.#request, { timeoutMs, signal: this.#signal })
      return answer === lost ? { none: 'lost' } : { response: answer }
    }
    const node = await holderOf(deps, this.#hostId)
    return node === undefined ? { none: 'absent' } : await this.#elsewhere(node, timeoutMs)
  }

  /** The asker may leave; the other node learns nothing of it, and what was begun goes on. */
  async #elsewhere(node: NodeId, timeoutMs: number): Promise<RequestAnswer> {
    const question = { ask: 'request', hostId: this.#hostId, request: this.#request, timeoutMs } as const
    try {
      const asked = askNode(this.#parts.deps.ground.bus, node, question, timeoutMs + betweenNodesMs)
      // The cast: nodes of one ground run the same program.
      return (await unlessAborted(asked, this.#signal)) as RequestAnswer
    } catch (error) {
      if (isParleyError(error, 'kernel.request_timed_out'))
        return { response: { status: 504, body: { error: 'host did not answer in time' } } }
      if (isParleyError(error, 'kernel.request_refused')) return { none: 'lost' }
      if (isParleyError(error, 'kernel.body_too_large'))
        return { response: { status: 413, body: { error: 'request too large' } } }
      throw error
    }
  }
}

const notConnected: HostResponse = {
  status: 503,
  headers: { 'retry-after': '5' },
  body: { error: 'host not connected' },
}

const defaultWait = ({ method, path }: HostRequest): number =>
  method === 'POST' && /^\/sessions\/[^/]+\/start$/.test(path)
    ? linkLimits.startWithinMs
    : linkLimits.requestWithinMs

/** Keystrokes are not: a host keeps each result on disk. */
const isTyping = (path: string): boolean => /^\/terminals\/[^/]+\/(input|resize)$/.test(path)

const wantsKey = ({ method, path, key }: HostRequest): boolean =>
  key === undefined && method !== 'GET' && method !== 'HEAD' && !isTyping(path)

const mayRepeat = ({ method, key }: HostRequest): boolean =>
  key !== undefined || method === 'GET' || method === 'HEAD'

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
