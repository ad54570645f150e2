import type { AnalyticsEvent } from '../../protocol/index.js'
import { toIsoTime } from '../../protocol/index.js'
import type { RunRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import type { AssistantAnalytics } from './handler.js'

/** Entries that are handed over before the run ends. */
const batchSize = 100

/** Gathers what a run tracks; a callback that fails is a fault and touches nothing. */
export class RunAnalytics implements AssistantAnalytics {
  readonly #deps: ThreadsDeps
  readonly #run: RunRow
  #batch: AnalyticsEvent[] = []

  constructor(deps: ThreadsDeps, run: RunRow) {
    this.#deps = deps
    this.#run = run
  }

  track(name: string, properties: Record<string, unknown> = {}): void {
    const { id, threadId, assistant } = this.#run
    const timestamp = toIsoTime(this.#deps.ground.clock.micros())
    const entry = { name, properties, thread_id: threadId, run_id: id, assistant_id: assistant.id, timestamp }
    this.#batch.push(entry)
    if (this.#batch.length >= batchSize) void this.flush()
  }

  /** Hands over what is left; nothing when nothing is. */
  async flush(): Promise<void> {
    const batch = this.#batch
    this.#batch = []
    if (batch.length === 0) return
    try {
      await this.#deps.options.onAnalytics?.(batch)
    } catch (error) {
      this.#deps.onFault(error, 'threads.analytics')
    }
  }
}
