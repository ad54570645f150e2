// What was sent on one socket and not acknowledged yet (contract 7.2).

import type { Clock, Stop } from '@parley/kernel/ids'
import { limits } from '../../protocol/index.js'

export type WindowOptions = {
  clock: Clock
  /** Unacknowledged entries while the backlog is drained. */
  drainWindow: number
  /** `yes`: it has acknowledged before; `no`: it never did although it could have: its backlog does not wait for that. */
  acks: 'yes' | 'no' | 'unknown'
  hasBacklog: boolean
  /** These were sent 60 s ago, not as a backlog, to one that has never acknowledged anything. */
  overdue(bufferIds: readonly string[]): void
}

/** Once the backlog is empty; more wait in the buffer. */
const liveWindow = 256

export class Window {
  readonly #options: WindowOptions
  /** When each was sent, the oldest first. */
  readonly #sent = new Map<string, number>()
  #isDraining: boolean
  #isAcking: boolean
  #isStalled = false
  #stopTimer: Stop | undefined

  constructor(options: WindowOptions) {
    this.#options = options
    this.#isDraining = options.hasBacklog && options.acks !== 'no'
    this.#isAcking = options.acks === 'yes'
  }

  /** It has acknowledged something. */
  get isAcking(): boolean {
    return this.#isAcking
  }

  /** How many may be sent now. */
  get room(): number {
    if (this.#isStalled) return 0
    return Math.max(0, (this.#isDraining ? this.#options.drainWindow : liveWindow) - this.#sent.size)
  }

  sent(bufferId: string): void {
    this.#sent.set(bufferId, this.#options.clock.now())
    this.#arm()
  }

  /** An acknowledgement came; true when something may have waited for it. One that comes late goes on with what had stopped. */
  answered(bufferId: string): boolean {
    const isAwaited = this.#isDraining || this.room === 0
    this.#isAcking = true
    this.forget(bufferId)
    return isAwaited
  }

  /** It need not be acknowledged any more. */
  forget(bufferId: string): void {
    if (!this.#sent.delete(bufferId)) return
    this.#isStalled = false
    this.stop()
    this.#arm()
  }

  /** Nothing is left in the buffer: from the last acknowledgement on events are sent as they come. */
  emptied(): void {
    if (this.#sent.size === 0) this.#isDraining = false
  }

  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  #arm(): void {
    const [oldest] = this.#sent.values()
    if (this.#stopTimer || oldest === undefined || this.#isStalled) return
    // What an acknowledging one leaves out now it gets again on its next socket.
    if (this.#isAcking && !this.#isDraining) return
    const left = oldest + limits.ackMs - this.#options.clock.now()
    this.#stopTimer = this.#options.clock.after(Math.max(0, left), () => this.#look())
  }

  #look(): void {
    this.#stopTimer = undefined
    const until = this.#options.clock.now() - limits.ackMs
    const due = [...this.#sent].filter(([, at]) => at <= until).map(([bufferId]) => bufferId)
    if (due.length === 0) this.#arm()
    else if (this.#isDraining) this.#isStalled = true
    else if (!this.#isAcking) this.#options.overdue(due)
  }
}
