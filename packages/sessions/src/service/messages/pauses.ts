import type { Clock, Stop } from '@parley/kernel/ids'

type Pause = { failures: number; refusals: number; stop: Stop | undefined }

const [firstMs, maxMs] = [1_000, 60_000]

/** Sessions whose messages could not be sent: how long they are left alone. In memory; a restart tries at once. */
export class Pauses {
  readonly #clock: Clock
  readonly #over: (sessionId: string) => void
  readonly #pauses = new Map<string, Pause>()

  constructor(clock: Clock, over: (sessionId: string) => void) {
    this.#clock = clock
    this.#over = over
  }

  /** True while a session is left alone. */
  has(sessionId: string): boolean {
    return this.#pauses.get(sessionId)?.stop !== undefined
  }

  /** Leaves a session alone: 1 s, 2 s, 4 s … at most a minute. */
  begin(sessionId: string, { isRefused = false }: { isRefused?: boolean } = {}): void {
    const { failures, refusals, stop } = this.#pauses.get(sessionId) ?? { failures: 0, refusals: 0 }
    stop?.()
    const ms = Math.min(maxMs, firstMs * 2 ** failures)
    const pause: Pause = { failures: failures + 1, refusals: refusals + (isRefused ? 1 : 0), stop: undefined }
    pause.stop = this.#clock.after(ms, () => {
      pause.stop = undefined
      this.#over(sessionId)
    })
    this.#pauses.set(sessionId, pause)
  }

  /** It works again. */
  end(sessionId: string): void {
    this.#pauses.get(sessionId)?.stop?.()
    this.#pauses.delete(sessionId)
  }

  /** WHY another key after a refusal: the host would answer the old one with what it answered before. */
  keyOf(sessionId: string, key: string): string {
    const { refusals } = this.#pauses.get(sessionId) ?? { refusals: 0 }
    return refusals === 0 ? key : `${key}:${refusals}`
  }

  clear(): void {
    for (const { stop } of this.#pauses.values()) stop?.()
    this.#pauses.clear()
  }
}
