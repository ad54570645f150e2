import type { Op } from '../db/index.js'
import { isParleyError, kernelErrors } from '../errors/index.js'
import type { Clock, Stop } from '../ids/index.js'
import type { Lease } from './port.js'
import type { Claim, LeaseStatements } from './statements.js'

export type HeldLeaseOptions = {
  claim: Claim
  ttlMs: number
  /** When the statement that won the lease was sent, in milliseconds: its time runs from there. */
  since: number
  clock: Clock
  statements: LeaseStatements
  /** Commits one statement; false when its guard failed. */
  commit(op: Op): Promise<boolean>
  /** The lease was given back or lost. */
  onEnd(lease: HeldLease, why: 'released' | 'lost'): void
}

/** A lease that this process holds, and its heartbeat. */
export class HeldLease implements Lease {
  readonly name: string
  readonly epoch: number
  readonly lost: AbortSignal
  readonly #options: HeldLeaseOptions
  readonly #lost = new AbortController()
  #stopBeat: Stop = () => {}
  #stopExpiry: Stop = () => {}
  #hasEnded = false
  #releasing: Promise<void> | undefined

  constructor(options: HeldLeaseOptions) {
    this.#options = options
    this.name = options.claim.name
    this.epoch = options.claim.epoch
    this.lost = this.#lost.signal
    this.#livesOn(options.since)
    this.#beatIn(options.ttlMs / 3)
  }

  guard(): Op {
    return this.#options.statements.guard(this.#options.claim)
  }

  releaseOp(): Op {
    return this.#options.statements.release(this.#options.claim)
  }

  release(): Promise<void> {
    this.#releasing ??= this.#release()
    return this.#releasing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release()
  }

  async #release(): Promise<void> {
    this.#stop()
    try {
      await this.#options.commit(this.releaseOp())
    } catch (error) {
      // A log that closed already: the lease expires by itself.
      if (!isParleyError(error, 'kernel.closed')) throw error
    } finally {
      this.#options.onEnd(this, 'released')
    }
  }

  #beatIn(ms: number): void {
    this.#stopBeat = this.#options.clock.after(ms, () => void this.#beat())
  }

  async #beat(): Promise<void> {
    const { clock, ttlMs, statements, claim, commit } = this.#options
    const sentAt = clock.now()
    const expiresAt = clock.micros() + ttlMs * 1000
    // A fault is not a loss: the next beat comes sooner and may get through; past the expiry the lease ends anyway.
    const isOurs = await commit(statements.renew(claim, expiresAt)).catch(() => undefined)
    if (this.#hasEnded) return
    if (isOurs === false) return this.#lose('Somebody else holds the lease now.')
    if (isOurs) this.#livesOn(sentAt)
    this.#beatIn(isOurs ? ttlMs / 3 : ttlMs / 9)
  }

  #livesOn(since: number): void {
    const { clock, ttlMs } = this.#options
    this.#stopExpiry()
    const left = since + ttlMs - clock.now()
    this.#stopExpiry = clock.after(left, () => this.#lose('The lease could not be renewed in time.'))
  }

  #lose(message: string): void {
    if (this.#hasEnded) return
    this.#stop()
    this.#options.onEnd(this, 'lost')
    this.#lost.abort(kernelErrors.unavailable({ message, details: { lease: this.name, epoch: this.epoch } }))
  }

  #stop(): void {
    this.#hasEnded = true
    this.#stopBeat()
    this.#stopExpiry()
  }
}
