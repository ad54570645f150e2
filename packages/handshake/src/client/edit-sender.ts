import type { Stop, Timers } from './edge.js'
import { type Edit, EditQueue } from './edit-queue.js'

/** How one attempt over HTTP ended: taken, to be tried again after a while, or refused for good. */
export type Posted = 'sent' | 'refused' | { retryAfterMs?: number }

/** The two ways to the server. */
export type EditRoads = {
  /** False when the socket is not open. */
  send(edit: Edit): boolean
  post(edit: Edit): Promise<Posted>
  /** Told of an edit that is given up: refused by the server, or pushed out of a full queue. */
  lost(edit: Edit): void
}

// A field a user can reach; the server takes no more keys either.
const limit = 1000
const firstRetryMs = 1000
const lastRetryMs = 30_000
// A socket that has died silently takes frames for about this long before the loss is seen.
const doubtMs = 30_000

/**
 * Brings user edits to the server in order: over the socket when it is open, else over HTTP. What fails stays
 * queued and is tried again. At most 1000 keys wait; the oldest is given up.
 */
export class EditSender {
  readonly #queue = new EditQueue(limit)
  /** Sent over the socket, which acknowledges nothing. Sent again when the socket turns out to be lost. */
  readonly #unproven = new Map<string, { edit: Edit; at: number }>()
  readonly #roads: EditRoads
  readonly #timers: Timers
  #draining: Promise<void> = Promise.resolve()
  #isDraining = false
  #retryMs = firstRetryMs
  #stopRetry: Stop | undefined

  constructor(roads: EditRoads, timers: Timers) {
    this.#roads = roads
    this.#timers = timers
  }

  isPending(key: string): boolean {
    return this.#queue.has(key)
  }

  /** Queues an edit and resolves after the first attempt, whatever came of it. */
  submit(edit: Edit): Promise<void> {
    const pushedOut = this.#queue.put(edit)
    if (pushedOut) this.#roads.lost(pushedOut)
    return this.flush()
  }

  /** Sends what is queued. Never rejects. */
  flush(): Promise<void> {
    this.#stopRetry?.()
    if (!this.#isDraining) this.#draining = this.#drain()
    return this.#draining
  }

  /** Call when the socket broke: queues again what may have been lost with it. */
  socketLost(): void {
    const since = this.#timers.now() - doubtMs
    for (const { edit, at } of this.#unproven.values()) {
      if (at >= since && !this.#queue.has(edit.key)) this.#queue.put(edit)
    }
    this.#unproven.clear()
    if (this.#queue.size > 0) this.#retryLater()
  }

  /** Drops the timer. What is queued stays queued. */
  stop(): void {
    this.#stopRetry?.()
  }

  /** Forgets all edits: they belong to a session that is no longer the client's. */
  clear(): void {
    this.stop()
    this.#queue.clear()
    this.#unproven.clear()
  }

  async #drain(): Promise<void> {
    this.#isDraining = true
    try {
      for (let edit = this.#queue.first(); edit; edit = this.#queue.first()) {
        if (this.#roads.send(edit)) this.#sentOverSocket(edit)
        else if (!(await this.#postOne(edit))) return
      }
    } finally {
      this.#isDraining = false
    }
  }

  #sentOverSocket(edit: Edit): void {
    this.#queue.remove(edit)
    const at = this.#timers.now()
    this.#unproven.delete(edit.key)
    this.#unproven.set(edit.key, { edit, at })
    for (const [key, old] of this.#unproven) if (old.at < at - doubtMs) this.#unproven.delete(key)
  }

  /** False when the edit has to wait. */
  async #postOne(edit: Edit): Promise<boolean> {
    const outcome = await this.#roads.post(edit)
    if (typeof outcome === 'object') {
      this.#retryLater(outcome.retryAfterMs)
      return false
    }
    this.#retryMs = firstRetryMs
    this.#queue.remove(edit)
    this.#unproven.delete(edit.key)
    if (outcome === 'refused') this.#roads.lost(edit)
    return true
  }

  #retryLater(ms = this.#retryMs): void {
    this.#stopRetry?.()
    this.#stopRetry = this.#timers.after(ms, () => void this.flush())
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs)
  }
}
