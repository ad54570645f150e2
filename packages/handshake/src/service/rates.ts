import type { Ground } from '@parley/kernel/ground'
import { addressBlock, type SlidingLog, slidingLog, type Verdict } from '@parley/kernel/limits'
import type { Rates as RateLimits } from '../protocol/index.js'

type Hit = [name: keyof RateLimits, key: string, at: number]

/** Hits that other nodes are told of, on a stream that only carries signals. */
const shared = 'handshake.rates:all'
const minute = 60_000
/** Hits of one message: a signal has an upper size. */
const hitsPerSignal = 1_000

/**
 * Sliding minute windows, in memory (contract 2.3). With several nodes each tells the others of its hits, so
 * that a handshake has one budget wherever it is asked.
 */
export class Rates {
  readonly #logs: Record<keyof RateLimits, SlidingLog>
  readonly #ground: Ground
  readonly #stop: () => void
  #hits: Hit[] = []
  #isStopped = false

  constructor(ground: Ground, limits: RateLimits) {
    const log = (limit: number) =>
      slidingLog({ limit, windowMs: minute, clock: ground.clock, maxKeys: 100_000 })
    this.#ground = ground
    this.#logs = {
      agent: log(limits.agent),
      extend: log(limits.extend),
      edits: log(limits.edits),
      failedTokens: log(limits.failedTokens),
      creations: log(limits.creations),
    }
    this.#stop = ground.bus.onSignal((stream, payload) => stream === shared && this.#learn(payload))
  }

  agent = (id: string): Verdict => this.#take('agent', id)
  extend = (id: string): Verdict => this.#take('extend', id)
  edits = (id: string): Verdict => this.#take('edits', id)
  failedTokens = (id: string, remote: string): Verdict =>
    this.#take('failedTokens', `${id} ${addressBlock(remote)}`)
  /** An address that the door does not know is not an address: then only the number of open handshakes is limited. */
  creations = (remote: string): Verdict =>
    remote ? this.#take('creations', addressBlock(remote)) : { ok: true }

  stop(): void {
    this.#isStopped = true
    this.#stop()
  }

  #take(name: keyof RateLimits, key: string): Verdict {
    const verdict = this.#logs[name].take(key)
    if (verdict.ok && !this.#ground.db.exclusive) this.#tell(name, key)
    return verdict
  }

  #tell(name: keyof RateLimits, key: string): void {
    if (this.#hits.length === 0) setImmediate(() => this.#send())
    this.#hits.push([name, key, this.#ground.clock.now()])
  }

  #send(): void {
    const hits = this.#hits
    this.#hits = []
    if (this.#isStopped) return
    for (let from = 0; from < hits.length; from += hitsPerSignal)
      this.#ground.bus.signal(shared, JSON.stringify(hits.slice(from, from + hitsPerSignal)))
  }

  #learn(payload: string): void {
    // A node of another version may know rates that this one does not.
    for (const [name, key, at] of JSON.parse(payload) as Hit[]) this.#logs[name]?.add(key, at)
  }
}
