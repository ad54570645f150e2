import type { Run } from '../../protocol/index.js'
import type { ThreadsDeps } from '../deps.js'
import { toRun } from '../objects.js'

/** Runs that are remembered, so that a late word about one says nothing twice. */
const maxRuns = 1_000

/**
 * Makes the states of runs that are pushed: each once, in the order of its life. The log tells all but `pending`, which
 * comes as a signal: a row that is read late may be further than the state that is due, which is then made from it.
 */
export class RunPushes {
  readonly #store: ThreadsDeps['store']
  readonly #seen = new Set<string>()

  constructor(store: ThreadsDeps['store']) {
    this.#store = store
  }

  /** After a signal, and before `run.started`: the run as pending, unless more is known of it already. */
  async asNew(runId: string): Promise<Run[]> {
    if (this.#seen.has(runId)) return []
    const run = await this.#read(runId)
    return run ? [asPending(run)] : []
  }

  /** After an event of the run. */
  async onEvent(runId: string, type: string): Promise<Run[]> {
    const run = await this.#read(runId)
    if (!run) return []
    return [type === 'run.started' ? asRunning(run) : run]
  }

  async #read(runId: string): Promise<Run | undefined> {
    const row = await this.#store.findRun(runId)
    if (!row) return undefined
    this.#seen.add(runId)
    const [oldest] = this.#seen
    if (this.#seen.size > maxRuns && oldest !== undefined) this.#seen.delete(oldest)
    return toRun(row)
  }
}

const asRunning = (run: Run): Run => ({ ...run, status: 'running', completed_at: null, error: null })

const asPending = (run: Run): Run => ({ ...asRunning(run), status: 'pending', running_at: null })
