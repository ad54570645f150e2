import type { Clock, Stop } from '@parley/kernel/ids'
import type { Log } from '@parley/kernel/log'
import type { LifecycleSignal } from '../service/intake/lifecycle.js'
import { lifecycleStream } from '../service/streams.js'
import { sessionOf } from './audience.js'
import { parseLifecycle } from './signals.js'

/** A connection with its subscriptions. */
export interface Listener {
  /** An event of a session was stored. */
  heard(sessionId: string, seq: number): void
  /** A session began. */
  announced(lifecycle: LifecycleSignal): void
  /** The last event of a session was sent to somebody. */
  ended(sessionId: string): void
}

type Options = {
  log: Pick<Log, 'followKind' | 'tap'>
  clock: Clock
  fault(error: unknown): void
}

const retryMs = 1_000

/** Tells connections of sessions that they do not know yet: those that see everything, or wait for one to be created. */
export class Everything {
  readonly #options: Options
  readonly #listeners = new Set<Listener>()
  /** Those that want to hear of every event. */
  readonly #wanting = new Set<Listener>()
  readonly #untap: Stop
  #following: AbortController | undefined

  constructor(options: Options) {
    this.#options = options
    this.#untap = options.log.tap(lifecycleStream, {
      signal: (payload) => {
        const lifecycle = parseLifecycle(payload)
        for (const listener of this.#listeners) listener.announced(lifecycle)
      },
    })
  }

  add(listener: Listener): void {
    this.#listeners.add(listener)
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener)
    this.forgo(listener)
  }

  /** From now on the listener hears of every event. */
  want(listener: Listener): void {
    this.#wanting.add(listener)
    if (this.#following) return
    this.#following = new AbortController()
    void this.#follow(this.#following.signal)
  }

  forgo(listener: Listener): void {
    this.#wanting.delete(listener)
    if (this.#wanting.size > 0) return
    this.#following?.abort()
    this.#following = undefined
  }

  ended(sessionId: string): void {
    for (const listener of this.#listeners) listener.ended(sessionId)
  }

  stop(): void {
    this.#following?.abort()
    this.#untap()
  }

  /** One that fell too far behind begins anew: what it missed was only whom to tell. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { log, clock, fault } = this.#options
    while (!signal.aborted) {
      try {
        for await (const { stream, seq } of log.followKind('session', { signal }))
          for (const listener of this.#wanting) listener.heard(sessionOf(stream), seq)
        return
      } catch (error) {
        fault(error)
        await clock.sleep(retryMs, signal).catch(() => undefined)
      }
    }
  }
}
