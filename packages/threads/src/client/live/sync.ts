// When a thread loads, joins, catches up and gives up (contract 4.4, 4.5).
import { type Edge, pauseAfter, type Stop } from '../edge.js'
import { toClientError } from '../failures.js'
import type { Connection } from '../socket/connection.js'
import type { ThreadsClientError } from '../threads-client-error.js'
import type { LiveStatus } from '../types.js'

/** What has to be done to be up to date. All may be repeated, and reject with a `ThreadsClientError`. */
export type SyncSteps = {
  /** Reads what there is, for a first look. */
  load(): Promise<void>
  /** Enters the room and takes what was missed. */
  join(): Promise<void>
  isBehind(): boolean
  /** Reads the events that are missing. */
  fill(): Promise<void>
  /** Reads what is no event: thread, members, runs. */
  refresh(): Promise<void>
}

export type SyncOptions = {
  connection: Connection
  edge: Pick<Edge, 'timers' | 'pauses'>
  steps: SyncSteps
  /** Called after every change of `status`. */
  onStatus(): void
}

const passing = new Set(['network', 'offline', 'internal', 'rate_limited'])
const goneCodes = new Set(['forbidden', 'not_found'])

/** Keeps a thread up to date over all the connections there are, until it is over. */
export class Sync {
  readonly #options: SyncOptions
  readonly #stopListening: Stop
  #status: LiveStatus = 'loading'
  #error: ThreadsClientError | undefined
  #isLoaded = false
  #wasLive = false
  /** The connection that was joined on; 0: none. */
  #joined = 0
  #needsRefresh = false
  #isBusy = false
  #isWanted = false
  #isStopped = false
  #failures = 0
  #stopTimer: Stop = () => {}

  constructor(options: SyncOptions) {
    this.#options = options
    this.#stopListening = options.connection.onChange(() => this.#connectionChanged())
  }

  get status(): LiveStatus {
    return this.#status
  }

  get error(): ThreadsClientError | undefined {
    return this.#error
  }

  get isLoaded(): boolean {
    return this.#isLoaded
  }

  get isOver(): boolean {
    return this.#status === 'gone' || this.#status === 'refused'
  }

  /** Does what has to be done. Call it at the start, and when something turns out to be missing. */
  wake(): void {
    if (this.#isStopped) return
    this.#stopTimer()
    this.#isWanted = true
    if (!this.#isBusy) void this.#work()
  }

  /** The end; nothing is done any more. */
  end(status: 'gone' | 'refused', error?: ThreadsClientError): void {
    if (this.isOver) return
    this.stop()
    this.#become(status, error)
  }

  /** Does nothing more, whatever the status is. */
  stop(): void {
    this.#stopTimer()
    this.#stopListening()
    this.#isStopped = true
  }

  #connectionChanged(): void {
    const { state, error } = this.#options.connection
    if (state === 'refused') return void this.end('refused', error)
    if (state !== 'connected' && this.#status === 'live') this.#become('reconnecting')
    if (state === 'connected') this.wake()
  }

  async #work(): Promise<void> {
    this.#isBusy = true
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false
      try {
        await this.#attempt()
        this.#failures = 0
      } catch (error) {
        this.#failed(toClientError(error))
      }
    }
    this.#isBusy = false
  }

  async #attempt(): Promise<void> {
    const { connection, steps } = this.#options
    if (connection.state === 'refused') return void this.end('refused', connection.error)
    if (!this.#isLoaded) await steps.load()
    this.#isLoaded = true
    const { count } = connection
    if (connection.state !== 'connected' || this.#isStopped) return
    if (this.#joined !== count) {
      await steps.join()
      this.#joined = count
      this.#needsRefresh = true
    }
    while (steps.isBehind() && !this.#isStopped) {
      await steps.fill()
      this.#needsRefresh = true
    }
    if (this.#needsRefresh) await steps.refresh()
    this.#needsRefresh = false
    // A connection that was lost meanwhile wakes this once more when it is back.
    if (connection.state !== 'connected' || connection.count !== count || this.#isStopped) return
    this.#wasLive = true
    this.#become('live')
  }

  #failed(error: ThreadsClientError): void {
    if (this.#isStopped) return
    if (passing.has(error.code) || (this.#wasLive && error.code === 'invalid_response'))
      return void this.#tryLater(error)
    this.end(this.#wasLive && goneCodes.has(error.code) ? 'gone' : 'refused', error)
  }

  #tryLater({ retryAfterMs }: ThreadsClientError): void {
    const { connection, edge } = this.#options
    // Without a connection there is nothing to try, but for the first look.
    if (this.#isLoaded && connection.state !== 'connected') return
    const pause = Math.max(retryAfterMs ?? 0, pauseAfter(this.#failures++, edge.pauses))
    this.#stopTimer()
    this.#stopTimer = edge.timers.after(pause, () => this.wake())
  }

  #become(status: LiveStatus, error?: ThreadsClientError): void {
    if (this.#status === status) return
    this.#status = status
    this.#error = error
    this.#options.onStatus()
  }
}
