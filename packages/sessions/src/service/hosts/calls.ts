// Calls that must reach a host: sent in their order when its link is up, until it has answered (section 13.6).
import type { Clock, Stop } from '@parley/kernel/ids'
import { type HostRequest, type HostResponse, linkLimits } from '../../protocol/index.js'
import type { CallRow } from '../../store/port.js'
import { lost } from './open-requests.js'

export type CallsOptions = {
  clock: Clock
  list(): Promise<CallRow[]>
  remove(key: string): Promise<void>
  call(request: HostRequest, options: { timeoutMs: number }): Promise<HostResponse | typeof lost>
  onFault(error: unknown): void
}

/** Fewer than a link takes: people's requests come through as well. */
const atOnce = 16
const againMs = 10_000
/** Answers after which the call is worth another try. */
const passing: ReadonlySet<number> = new Set([429, 503, 504])

export class Calls {
  readonly #options: CallsOptions
  readonly #sent = new Set<string>()
  #isRunning = false
  #isDue = false
  #isClosed = false
  #stopTimer: Stop = () => {}

  constructor(options: CallsOptions) {
    this.#options = options
  }

  /** Sends what waits. */
  deliver(): void {
    this.#isDue = true
    if (this.#isRunning || this.#isClosed) return
    this.#isRunning = true
    void this.#run()
      .catch((error: unknown) => this.#fault(error))
      .finally(() => {
        this.#isRunning = false
        // Asked for while the last look was ending.
        if (this.#isDue) this.deliver()
        else this.#later()
      })
  }

  close(): void {
    this.#isClosed = true
    this.#stopTimer()
  }

  async #run(): Promise<void> {
    while (this.#isDue && !this.#isClosed) {
      this.#isDue = false
      for (const row of await this.#options.list()) {
        if (this.#isClosed || this.#sent.size >= atOnce) return
        if (!this.#sent.has(row.key)) this.#send(row)
      }
    }
  }

  #send({ key, method, path, body }: CallRow): void {
    this.#sent.add(key)
    const answer = this.#options.call({ method, path, body, key }, { timeoutMs: linkLimits.requestWithinMs })
    this.#settled(key, answer).catch((error: unknown) => this.#fault(error))
  }

  async #settled(key: string, answer: Promise<HostResponse | typeof lost>): Promise<void> {
    try {
      const response = await answer
      if (response === lost || passing.has(response.status)) return
      await this.#options.remove(key)
    } finally {
      const wasFull = this.#sent.size >= atOnce
      this.#sent.delete(key)
      if (wasFull && !this.#isClosed) this.deliver()
    }
  }

  /** Of a link that is over nothing is said: the next one sends again. */
  #fault(error: unknown): void {
    if (!this.#isClosed) this.#options.onFault(error)
  }

  #later(): void {
    this.#stopTimer()
    if (!this.#isClosed) this.#stopTimer = this.#options.clock.after(againMs, () => this.deliver())
  }
}
