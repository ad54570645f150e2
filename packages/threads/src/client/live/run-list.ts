import { isKnownEvent, type Run } from '../../protocol/index.js'
import type { AnyThreadEvent } from '../types.js'

const ranks: Readonly<Record<Run['status'], number>> = {
  pending: 0,
  running: 1,
  completed: 2,
  failed: 2,
  cancelled: 2,
}
const maxOver = 100

/** The runs of a thread: those that go on, and the last hundred that ended meanwhile. */
export class RunList {
  readonly #runs = new Map<string, Run>()
  #value: readonly Run[] = []

  /** Newest first; the same array until something changes. */
  get value(): readonly Run[] {
    return this.#value
  }

  get active(): readonly Run[] {
    return this.#value.filter((run) => !isOver(run))
  }

  /** Takes a run as it stands. A word that comes late changes nothing: runs only go forward. */
  take(run: Run): void {
    const known = this.#runs.get(run.id)
    if (known && ranks[known.status] > ranks[run.status]) return
    if (known && isOver(known) && known.completed_at && !run.completed_at) return
    this.#runs.set(run.id, run)
    this.#changed()
  }

  /** Takes the end of a run from the log; servers of the original send no word beside it. */
  takeEvent(event: AnyThreadEvent): void {
    const run = event.run_id === null ? undefined : this.#runs.get(event.run_id)
    if (!run || !isKnownEvent(event) || isOver(run)) return
    const completed_at = event.created_at
    if (event.type === 'run.started' && run.status === 'pending') this.take({ ...run, status: 'running' })
    if (event.type === 'run.completed') this.take({ ...run, status: 'completed', completed_at })
    if (event.type === 'run.cancelled') this.take({ ...run, status: 'cancelled', completed_at })
    if (event.type === 'run.failed') this.take({ ...run, status: 'failed', completed_at, error: event.error })
  }

  forget(id: string): void {
    if (this.#runs.delete(id)) this.#changed()
  }

  #changed(): void {
    const sorted = [...this.#runs.values()].toSorted(newestFirst)
    for (const { id } of sorted.filter(isOver).slice(maxOver)) this.#runs.delete(id)
    this.#value = sorted.filter(({ id }) => this.#runs.has(id))
  }
}

/** True for a run whose status is final. */
export const isOver = ({ status }: Run): boolean => ranks[status] === 2

function newestFirst(one: Run, other: Run): number {
  if (one.started_at !== other.started_at) return one.started_at < other.started_at ? 1 : -1
  return one.id < other.id ? 1 : -1
}
