import type { Clock, Stop } from '../ids/index.js'
import type { SlowLimits } from './connection.js'
import type { Lane } from './lane.js'

/** What all guards of an acceptor share. */
export type SlowGuardContext = { clock: Clock; slow: Required<SlowLimits> }

/** Whose bytes are watched. */
export interface SlowGuardOwner {
  readonly lane: Lane
  close(code: number, reason: string): void
}

/** Watches one socket's waiting bytes; closes it when they stay over the limit for too long, or pass the hard limit. */
export class SlowGuard {
  readonly #owner: SlowGuardOwner
  readonly #context: SlowGuardContext
  #stopTimer: Stop | undefined

  constructor(owner: SlowGuardOwner, context: SlowGuardContext) {
    this.#owner = owner
    this.#context = context
  }

  get isCongested(): boolean {
    return this.#owner.lane.bufferedBytes > this.#context.slow.bytes
  }

  /** Called after every write to every socket, nearly always with nothing waiting. */
  check(): void {
    const { slow, clock } = this.#context
    const { lane } = this.#owner
    const waiting = lane.bufferedBytes
    if (waiting <= slow.bytes) return
    if (waiting > slow.hardBytes) {
      this.stop()
      this.#close()
    } else if (!this.#stopTimer) {
      this.#stopTimer = clock.after(slow.limitMs, () => this.#expire())
      lane.onceDrained(() => this.stop())
    }
  }

  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  #expire(): void {
    this.#stopTimer = undefined
    if (this.isCongested) this.#close()
  }

  #close(): void {
    const { code, reason } = this.#context.slow
    this.#owner.close(code, reason)
  }
}
