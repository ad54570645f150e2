import type { Ground } from '@parley/kernel/ground'
import type { Stop } from '@parley/kernel/ids'
import type { HandshakeStore } from '../store/port.js'
import { type HandshakeState, isPast, latestTouch } from './state.js'

/** A sliding end is written at most this often; in between it lives in memory. */
const saveEverySeconds = 5

type Options = {
  ground: Ground
  store: HandshakeStore
  options: { ttlSeconds: number; maxLifetimeSeconds: number }
  onFault: (error: unknown, where: string) => void
}

/**
 * Sliding ends. A read must not be a write: a touch changes the copy at once, and the database a few seconds
 * later at the most (sooner for a short time to live), not awaited by the answer.
 */
export class Touches {
  readonly #ground: Ground
  readonly #store: HandshakeStore
  readonly #onFault: Options['onFault']
  readonly #maxLifetimeSeconds: number
  readonly #saveEveryMs: number
  readonly #waiting = new Map<string, HandshakeState>()
  readonly #running = new Set<Promise<unknown>>()
  #stopTimer: Stop | undefined

  constructor({ ground, store, options, onFault }: Options) {
    this.#ground = ground
    this.#store = store
    this.#onFault = onFault
    this.#maxLifetimeSeconds = options.maxLifetimeSeconds
    this.#saveEveryMs = Math.min(saveEverySeconds, options.ttlSeconds / 4) * 1000
  }

  /** Starts the time to live anew. Call it only for an authenticated caller (contract 2.1). What is over stays over. */
  touch(state: HandshakeState): void {
    const { row } = state
    const now = this.#ground.clock.micros()
    if (row.endedAt !== null || isPast(row, now)) return
    const touchedAt = Math.min(now, latestTouch(row, this.#maxLifetimeSeconds))
    if (touchedAt <= row.touchedAt) return
    state.row = { ...row, touchedAt }
    if (touchedAt - state.savedTouch >= this.#saveEveryMs * 1000) this.save(state)
    else this.#saveSoon(state)
  }

  /** Writes the touch of a copy out. */
  save(state: HandshakeState): void {
    const { id, touchedAt } = state.row
    this.#waiting.delete(id)
    state.savedTouch = touchedAt
    const saving = this.#ground.log
      .commit({ ops: [this.#store.touch(id, touchedAt)], appends: [] })
      .catch((error) => this.#onFault(error, 'handshake.touch'))
      .finally(() => this.#running.delete(saving))
    this.#running.add(saving)
  }

  /** Writes everything out that waits; resolves when it is written. */
  async flush(): Promise<void> {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    for (const state of this.#waiting.values()) this.save(state)
    await Promise.all(this.#running)
  }

  // WHY: the last touch of a burst must reach the database too, or other nodes end the handshake early.
  #saveSoon(state: HandshakeState): void {
    this.#waiting.set(state.row.id, state)
    this.#stopTimer ??= this.#ground.clock.after(this.#saveEveryMs, () => void this.flush())
  }
}
