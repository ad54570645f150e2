import { kernelErrors } from '../errors/index.js'
import type { Log } from '../log/index.js'
import { decisionErrors } from './errors.js'
import type { Decision, DecisionId, OpenDecision, SettledDecision } from './port.js'

export type WaitsOptions = {
  log: Pick<Log, 'tap'>
  find(id: DecisionId): Promise<Decision | undefined>
  maxWaits: number
}

/** Everybody on this node who waits for a decision. */
export class Waits {
  readonly #options: WaitsOptions
  readonly #closing = new AbortController()
  #count = 0

  constructor(options: WaitsOptions) {
    this.#options = options
  }

  /** Rejects with the signal's reason, with `kernel.unavailable` past the limit, with `kernel.closed` at the end. */
  async until(decision: OpenDecision, signal?: AbortSignal): Promise<SettledDecision> {
    const end = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])])
    end.throwIfAborted()
    if (this.#count >= this.#options.maxWaits)
      throw kernelErrors.unavailable({ message: 'Too many wait for decisions.' })
    this.#count += 1
    try {
      return await this.#wait(decision, end)
    } finally {
      this.#count -= 1
    }
  }

  close(): void {
    this.#closing.abort(kernelErrors.closed({ message: 'The decisions of this node are closed.' }))
  }

  /** Listens first and reads second, so that nothing falls between. */
  async #wait({ id, stream }: OpenDecision, end: AbortSignal): Promise<SettledDecision> {
    const bell = new Bell()
    const ring = () => bell.ring()
    const stopTap = this.#options.log.tap(stream, { events: ring, missed: ring, gone: ring })
    end.addEventListener('abort', ring, { once: true })
    try {
      for (;;) {
        const now = await this.#options.find(id)
        end.throwIfAborted()
        if (!now) throw decisionErrors.notFound({ details: { id } })
        if (now.state !== 'open') return now
        await bell.rung()
        end.throwIfAborted()
      }
    } finally {
      stopTap()
      end.removeEventListener('abort', ring)
    }
  }
}

/** Rings for one listener; a ring that nobody listens to is kept. */
class Bell {
  #hasRung = false
  #wake: (() => void) | undefined

  ring(): void {
    this.#hasRung = true
    this.#wake?.()
  }

  async rung(): Promise<void> {
    if (!this.#hasRung) await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#hasRung = false
  }
}
