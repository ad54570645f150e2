import type { EventFrame, LifecycleFrame } from './frames.js'

/** What a follower of a channel is told. */
export type ChannelHandler = {
  /** Each event once, in order. Those with `seq` 0 are answers that are not stored. */
  onEvent(frame: EventFrame): void
  /** Everything kept is there; after a reconnect once more. `truncated`: some of it was not kept. */
  onSubscribed?(about: { truncated: boolean }): void
  /** The server refuses the channel. */
  onRefused?(message: string): void
  onLifecycle?(frame: LifecycleFrame): void
}

/** One follower of one channel: drops what it had, and holds back what comes before its replay is over. */
export class Subscription {
  readonly channel: string
  readonly #handler: ChannelHandler
  /** The newest number that was handed over, by session: each has numbers of its own. */
  readonly #seen = new Map<string, number>()
  readonly #since: number | undefined
  #replay: EventFrame[] | undefined

  constructor(channel: string, handler: ChannelHandler, since: number | undefined) {
    this.channel = channel
    this.#handler = handler
    this.#since = since
  }

  /** After which number to go on; undefined where numbers of several sessions mix. */
  get since(): number | undefined {
    if (this.channel === 'agents') return undefined
    return Math.max(this.#since ?? 0, ...this.#seen.values())
  }

  /** A replay was asked for. */
  begin(): void {
    // WHY held back: hosts of the original send live events in between. Nothing is replayed of all sessions at once.
    if (this.channel !== 'agents') this.#replay = []
  }

  take(frame: EventFrame): void {
    if (frame.seq === 0) this.#handler.onEvent(frame)
    else if (this.#replay) this.#replay.push(frame)
    else this.#handOver(frame)
  }

  /** The replay is over. */
  finish(about: { truncated: boolean }): void {
    const held = this.#replay ?? []
    this.#replay = undefined
    for (const frame of held.toSorted((a, b) => a.seq - b.seq)) this.#handOver(frame)
    this.#handler.onSubscribed?.(about)
  }

  refuse(message: string): void {
    this.#replay = undefined
    this.#handler.onRefused?.(message)
  }

  tell(frame: LifecycleFrame): void {
    this.#handler.onLifecycle?.(frame)
  }

  #handOver(frame: EventFrame): void {
    const of = frame.sessionId ?? ''
    const last = this.#seen.get(of) ?? (this.channel === 'agents' ? 0 : (this.#since ?? 0))
    if (frame.seq <= last) return
    this.#seen.set(of, frame.seq)
    this.#handler.onEvent(frame)
  }
}
