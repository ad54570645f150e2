import type { Op } from '@parley/kernel/db'
import type { StreamId } from '@parley/kernel/ids'
import type { Append, Draft } from '@parley/kernel/log'
import type { Identity } from '@parley/kernel/principal'
import type { PermissionResponseBody, WireEvent } from '../../protocol/index.js'
import type { PermissionRow, SessionChange, SessionRow } from '../../store/port.js'
import type { RequestKey } from '../permissions/calls.js'
import type { Happened, Incoming, Observer } from '../port.js'
import { fold } from './fold.js'
import { streamOf } from './streams.js'

/** A session of the unit: as it was read, and as the events so far have made it. */
export type Changing = { stored: SessionRow; row: SessionRow; change: SessionChange; hasEvents: boolean }

/** An answer that has to reach a host which is not linked. */
export type DirectAnswer = { session: SessionRow; request: RequestKey; body: PermissionResponseBody }

/** What one unit stores, and what is to be done after its commit. */
export class UnitPlan {
  readonly happened: Happened[] = []
  readonly ended: SessionRow[] = []
  /** Held back until a handler has had its say. */
  readonly undecided: { session: SessionRow; row: PermissionRow }[] = []
  readonly directAnswers: DirectAnswer[] = []
  /** Hosts that have a new call waiting. */
  readonly called = new Set<string>()
  dropped = 0
  readonly #ops: Op[] = []
  readonly #drafts = new Map<StreamId, Draft[]>()
  readonly #observers: readonly Observer[]
  readonly #actor: Identity

  constructor(options: { observers: readonly Observer[]; actor: Identity }) {
    this.#observers = options.observers
    this.#actor = options.actor
  }

  /** Appends an event to its session, with what it changes there and what observers put beside it. */
  append(
    changing: Changing,
    { event, actor = this.#actor, via }: Omit<Incoming, 'sessionId'>,
  ): void | Promise<void> {
    const happened: Happened = { session: changing.row, event, ...(via && { via }) }
    this.happened.push(happened)
    changing.hasEvents = true
    this.draft(streamOf(changing.row.id), { type: event.type, actor, body: toBody(event) })
    const change = fold(changing.row, event)
    if (change.status === 'killed') this.ended.push(changing.row)
    for (const _ in change) {
      changing.row = { ...changing.row, ...change }
      Object.assign(changing.change, change)
      break
    }
    return this.#observe(happened)
  }

  draft(stream: StreamId, ...drafts: readonly Draft[]): void {
    const there = this.#drafts.get(stream)
    if (there) there.push(...drafts)
    else this.#drafts.set(stream, [...drafts])
  }

  add(...ops: readonly Op[]): void {
    this.#ops.push(...ops)
  }

  get ops(): readonly Op[] {
    return this.#ops
  }

  get appends(): Append[] {
    return [...this.#drafts].map(([stream, drafts]) => ({ stream, drafts }))
  }

  /** A promise only when an observer needs one: this runs for every event. */
  #observe(happened: Happened): void | Promise<void> {
    const slow: Promise<readonly Op[]>[] = []
    for (const observer of this.#observers) {
      const ops = observer.ops?.(happened)
      if (ops instanceof Promise) slow.push(ops)
      else if (ops) this.#ops.push(...ops)
    }
    if (slow.length > 0) return Promise.all(slow).then((all) => this.add(...all.flat()))
  }
}

/** The members in the contract's order, and no others. */
function toBody({ type, data, timestamp }: WireEvent): WireEvent {
  return { type, data, timestamp }
}
