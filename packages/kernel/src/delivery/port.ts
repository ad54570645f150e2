import type { Op } from '../db/port.js'
import type { Micros } from '../ids/index.js'

/** `sending` ends by itself: the claim of a node that crashed expires. `dead` waits for a person. */
export type DeliveryState = 'waiting' | 'sending' | 'sent' | 'dead'

/** Something that shall leave. */
export type DeliveryDraft = {
  /** Which workers send it, for example `webhook`. */
  queue: string
  /** What it is in order with, where the queue keeps order: for example the id of a webhook's endpoint. */
  lane: string
  /** What it is for, where several lanes are for one thing: for example the id of a webhook's endpoint. Default none. */
  subject?: string
  /** Unique per queue: a second delivery with the same key is not stored. */
  dedupe: string
  /** The exact text that every attempt sends. At most 1 MiB of characters. */
  payload: string
  /** What `send` needs to know besides; kept as JSON. Never a credential. Default `{}`. */
  target?: Readonly<Record<string, unknown>>
  /** Not sent before this has passed, in milliseconds. Default 0. */
  delayMs?: number
  /** How old it may become before it is given up, in milliseconds. Default 3 days. */
  maxAgeMs?: number
}

/** A delivery without its payload. */
export type DeliverySummary = {
  /** `dlv_…`; the same in every attempt. */
  readonly id: string
  /** Grows with every delivery; the cursor of `list`. */
  readonly position: number
  readonly queue: string
  readonly lane: string
  readonly subject?: string
  readonly dedupe: string
  readonly target: Readonly<Record<string, unknown>>
  readonly state: DeliveryState
  /** How often sending began. */
  readonly attempts: number
  /** How many attempts failed since it was enqueued, or retried by hand. */
  readonly failures: number
  readonly createdAt: Micros
  /** Past this it is not sent any more. */
  readonly expiresAt: Micros
  /** When it is due; while it is being sent, when the claim of its node ends. Absent while its lane has others before it. */
  readonly nextAt?: Micros
  readonly sentAt?: Micros
  readonly deadAt?: Micros
  readonly lastError?: string
  /** HTTP status of the last attempt that got one. */
  readonly lastStatus?: number
}

export type Delivery = DeliverySummary & { readonly payload: string }

/** What became of one attempt. One whose node crashed is missing. */
export type DeliveryAttempt = {
  readonly number: number
  readonly at: Micros
  readonly durationMs: number
  readonly status?: number
  /** Absent when it was sent. */
  readonly error?: string
}

/** What became of one call of `send`. Errors are for people: at most 500 characters of them are kept. */
export type SendOutcome =
  | { outcome: 'sent'; status?: number }
  /** Tried again with growing pauses, at least `retryAfterMs` (at most a day) from now, until it is too old. */
  | { outcome: 'retry'; error: string; status?: number; retryAfterMs?: number }
  /** Trying again can't help. */
  | { outcome: 'dead'; error: string; status?: number }

/**
 * Sends one delivery. It may have been sent before: a node that crashes between sending and remembering sends again.
 * When `signal` aborts (too slow, or the queue was stopped) it must end: nobody waits for it any more. An error that
 * it throws counts as `retry`.
 */
export type Send = (delivery: Delivery, options: { signal: AbortSignal }) => Promise<SendOutcome>

export type QueueOptions = {
  /** Most deliveries under way at once on this node. Default 8. */
  concurrency?: number
  /**
   * Sends a lane's deliveries one after the other, in the order of their commits; a lane whose first one fails waits
   * for it until that is sent or dead. Default false. A dead one that is retried by hand is not waited for.
   */
  ordered?: boolean
  /**
   * Room for one subject on this node, so that one that hangs does not take the room of all others: no more begin while so
   * many are under way. Default: no such limit.
   */
  perSubject?: number
  /** Longest time of one attempt. Default 60,000. */
  sendWithinMs?: number
  /** When a delivery of a node that crashed is sent by another; more than `sendWithinMs`. Default 90,000. */
  claimMs?: number
  /** Pauses after the first, second, … failure; the last repeats. Default 5 s, 30 s, 2 min, 10 min, 1 h, 6 h. */
  pausesMs?: readonly number[]
  /** Longest time until deliveries of other nodes are noticed. Default 5,000. */
  pollMs?: number
  /** How long `stop` lets attempts go on before it aborts them. Default 10,000. */
  graceMs?: number
}

/** One worker of a queue on this node. */
export interface DeliveryQueue {
  /** Begins to send what is due. Throws when it was started or stopped before. */
  start(options: { send: Send }): void
  /** Looks for due deliveries now: call it after the commit of a unit that enqueued one. */
  nudge(): void
  /** Begins nothing new and waits for what is under way; what is aborted is due again. Calling it twice is harmless. */
  stop(): Promise<void>
}

export type DeliveryFilter = {
  queue: string
  lane?: string
  subject?: string
  state?: DeliveryState
  /** Only deliveries with a smaller `position`. */
  before?: number
  /** Default 50, at most 500. */
  limit?: number
}

/** Deliveries that outlive this process: stored in the unit of the event that causes them, then sent until it works. */
export interface Outbox {
  /** Statements for the caller's own unit. Throws `delivery.payload_too_large`. */
  enqueueOps(draft: DeliveryDraft): Op[]
  /** Statements that forget every waiting or dead delivery of a subject, dedupe keys included: it is gone. */
  discardOps(gone: { queue: string; subject: string }): Op[]
  /** A worker for a queue. Throws `kernel.invalid_request` for options that contradict each other. */
  queue(name: string, options?: QueueOptions): DeliveryQueue
  /** The newest first. */
  list(filter: DeliveryFilter): Promise<DeliverySummary[]>
  /** A delivery with its last 20 attempts, the oldest first. */
  get(id: string): Promise<(Delivery & { readonly history: readonly DeliveryAttempt[] }) | undefined>
  /** Makes a waiting or dead delivery due now, with its pauses and age counted anew. False when it is neither. */
  retry(id: string): Promise<boolean>
  /** Forgets a waiting or dead delivery and its dedupe key. False when it is neither. */
  discard(id: string): Promise<boolean>
  /** Forgets what was sent or died before a time, of one queue or of all, dedupe keys included; resolves with how many. */
  purge(before: Micros, queue?: string): Promise<number>
  /** How many there are in each state, for metrics. */
  counts(queue: string): Promise<Record<DeliveryState, number>>
}
