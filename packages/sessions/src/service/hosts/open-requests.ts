// Requests to a host that wait for their answer on one link (section 13.4).
import type { Clock, Stop } from '@parley/kernel/ids'
import { type HostRequest, type HostResponse, linkLimits, type ResponseFrame } from '../../protocol/index.js'

/** The link ended before the answer came. */
export const lost = Symbol('lost')

export type CallOptions = { timeoutMs: number; signal?: AbortSignal }

type OpenRequestsOptions = {
  clock: Clock
  send(text: string): void
  /** Resolves when the host's events up to a number are stored, or when that takes too long. */
  stored(n: number): Promise<void>
}

type Waiting = { settle(answer: HostResponse | typeof lost): void }

export class OpenRequests {
  readonly #clock: Clock
  readonly #send: (text: string) => void
  readonly #stored: OpenRequestsOptions['stored']
  readonly #waiting = new Map<string, Waiting>()
  #count = 0
  #isClosed = false

  constructor(options: OpenRequestsOptions) {
    this.#clock = options.clock
    this.#send = options.send
    this.#stored = options.stored
  }

  /** Sends at once. Rejects with the signal's reason only. */
  call(request: HostRequest, { timeoutMs, signal }: CallOptions): Promise<HostResponse | typeof lost> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    if (this.#isClosed) return Promise.resolve(lost)
    if (this.#waiting.size >= linkLimits.openRequests)
      return Promise.resolve(refusal(429, 'too many requests'))
    const id = `s${++this.#count}`
    const text = toText(id, request, timeoutMs)
    if (text === undefined) return Promise.resolve(refusal(413, 'request too large'))
    return new Promise((resolve, reject) => {
      const giveUp = () => this.#send(JSON.stringify({ type: 'cancel', id }))
      const done = (then: () => void) => {
        this.#waiting.delete(id)
        stopTimer()
        signal?.removeEventListener('abort', onAbort)
        then()
      }
      const onAbort = () =>
        done(() => {
          giveUp()
          reject(signal?.reason)
        })
      const stopTimer: Stop = this.#clock.after(timeoutMs, () =>
        done(() => {
          giveUp()
          resolve(refusal(504, 'host did not answer in time'))
        }),
      )
      this.#waiting.set(id, { settle: (answer) => done(() => resolve(answer)) })
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#send(text)
    })
  }

  /**
   * An answer; one that comes too late is nobody's. It is handed on when what the host told before is in the log: whoever
   * asked reads what they did.
   */
  async answered({ id, status, headers, body, n }: ResponseFrame): Promise<void> {
    if (n !== undefined) await this.#stored(n)
    this.#waiting.get(id)?.settle({ status, ...(headers && { headers }), body })
  }

  close(): void {
    this.#isClosed = true
    for (const { settle } of this.#waiting.values()) settle(lost)
  }
}

const refusal = (status: number, error: string): HostResponse => ({ status, body: { error } })

/** Undefined when it is too large for a frame. */
function toText(id: string, request: HostRequest, timeoutMs: number): string | undefined {
  const { method, path, query, headers, body, key } = request
  const text = JSON.stringify({ type: 'req', id, method, path, query, headers, body, key, timeoutMs })
  const isSmall = text.length * 3 <= linkLimits.frameBytes || Buffer.byteLength(text) <= linkLimits.frameBytes
  return isSmall ? text : undefined
}
