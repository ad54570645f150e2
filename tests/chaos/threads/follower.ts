import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'socket.io-client'
import type { Nodes } from '../nodes.js'
import type { Seen } from './evidence.js'
import { askOver, openLine } from './line.js'

type Event = Seen & { thread_id: string }
type Joined = { replayed: Event[]; replay_truncated: boolean }

export type FollowerOptions = {
  nodes: Nodes
  name: string
  /** Where its node is; it goes to the other one when that is gone. */
  place: number
  transport: 'websocket' | 'polling'
  threadIds: readonly string[]
}

/** Follows rooms as a careful client does: joins with its cursor, drops what it has, goes elsewhere when its node dies. */
export class Follower {
  readonly name: string
  /** How often it came to a node. */
  visits = 0
  readonly #options: FollowerOptions
  readonly #seen: Map<string, Seen[]>
  /** What came live while a thread is being joined. */
  readonly #waiting = new Map<string, Event[]>()

  constructor(options: FollowerOptions) {
    this.name = options.name
    this.#options = options
    this.#seen = new Map(options.threadIds.map((id) => [id, []]))
  }

  /** What it has accepted of a thread, in the order of arrival. */
  seen(threadId: string): readonly Seen[] {
    return this.#seen.get(threadId)!
  }

  async follow(signal: AbortSignal): Promise<void> {
    const { nodes, place } = this.#options
    while (!signal.aborted) {
      const url = nodes.at(place)
      if (url) await this.#visit(url, signal).catch(() => undefined)
      await sleep(30)
    }
  }

  async #visit(url: string, signal: AbortSignal): Promise<void> {
    const { name, transport, threadIds } = this.#options
    const socket = await openLine(url, name, transport)
    const leave = () => socket.disconnect()
    const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
    signal.addEventListener('abort', leave, { once: true })
    this.#waiting.clear()
    socket.on('event', (event: Event) => this.#live(event))
    try {
      for (const id of threadIds) await this.#join(socket, id)
      this.visits++
      if (socket.connected && !signal.aborted) await gone
    } finally {
      signal.removeEventListener('abort', leave)
      socket.disconnect()
    }
  }

  /** Joins until nothing is left to replay; what came meanwhile is taken after that. */
  async #join(socket: Socket, threadId: string): Promise<void> {
    this.#waiting.set(threadId, [])
    for (let isWhole = false; !isWhole; ) {
      const since = { seq: this.seen(threadId).at(-1)?.seq ?? 0 }
      const joined = await askOver<Joined>(socket, 'thread:join', { thread_id: threadId, since })
      for (const event of joined.replayed) this.#accept(event)
      isWhole = !joined.replay_truncated
    }
    for (const event of this.#waiting.get(threadId)!) this.#accept(event)
    this.#waiting.delete(threadId)
  }

  #live(event: Event): void {
    const waiting = this.#waiting.get(event.thread_id)
    if (waiting) waiting.push(event)
    else this.#accept(event)
  }

  /** Only what it has already is dropped: a gap or another event under a known number stays for the verifier to see. */
  #accept({ id, seq, thread_id }: Event): void {
    const seen = this.#seen.get(thread_id)!
    if (seen[seq - 1]?.id !== id) seen.push({ id, seq })
  }
}
