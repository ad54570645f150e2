import type { Micros } from '@parley/kernel/ids'
import type { Draft } from '@parley/kernel/log'
import { toTimestamp } from '../protocol/index.js'
import type { FieldRow, HandshakePatch } from '../store/port.js'
import { type ChangeRecord, draftEvent, type HandshakeEvents, type HandshakeEventType } from './events.js'
import type { HandshakeState } from './state.js'

/** One value about to be written. */
export type Write = {
  type: 'field.set' | 'field.edited'
  key: string
  value: unknown
  by: string
  /** Not pushed as a frame of its own. */
  quiet?: boolean
}

/**
 * A change of one handshake that is being put together: reads see the state with the draft's writes on
 * top, and nothing reaches the state before `apply`, which the owner calls after the commit.
 */
export class ChangeDraft {
  readonly #state: HandshakeState
  readonly #actor: Draft['actor']
  readonly #remote: string
  readonly #written = new Map<string, FieldRow>()
  readonly #changes: ChangeRecord[] = []
  #lastAt: number
  #patch: HandshakePatch = {}
  readonly events: Draft[] = []

  constructor(state: HandshakeState, now: Micros, actor: Draft['actor'], remote: string) {
    this.#state = state
    this.#actor = actor
    this.#remote = remote
    // WHY: every time given out in a handshake is later than the one before, so that "later than" never
    //      skips or repeats a change (contract 3.4).
    this.#lastAt = Math.max(now, state.row.lastAt + 1) - 1
  }

  get row() {
    return { ...this.#state.row, ...this.#patch }
  }

  field(key: string): FieldRow | undefined {
    return this.#written.get(key) ?? this.#state.values.get(key)
  }

  /** Number of keys with a value, the draft's included. */
  get size(): number {
    let added = 0
    for (const key of this.#written.keys()) if (!this.#state.values.has(key)) added++
    return this.#state.values.size + added
  }

  values(): Map<string, FieldRow> {
    return this.#written.size === 0 ? this.#state.values : new Map([...this.#state.values, ...this.#written])
  }

  /** The next time of this handshake. */
  nextAt(): Micros {
    this.#lastAt += 1
    return this.#lastAt
  }

  write({ type, key, value, by, quiet }: Write): void {
    const at = this.nextAt()
    const from = this.field(key)?.value ?? null
    const seq = this.#state.row.changes + this.#changes.length + 1
    const time = toTimestamp(at)
    this.#written.set(key, { key, value, by, at })
    this.#changes.push({ key, from, to: value, by, at: time, seq })
    const body = { n: seq, key, from, value, by, at: time, remote: this.#remote }
    this.events.push({ type, actor: this.#actor, body: quiet ? { ...body, quiet } : body })
  }

  event<T extends HandshakeEventType>(type: T, body: Omit<HandshakeEvents[T], 'at' | 'remote'>): void {
    const stamped = { ...body, at: toTimestamp(this.nextAt()), remote: this.#remote } as HandshakeEvents[T]
    this.events.push(draftEvent(type, this.#actor, stamped))
  }

  /** A frame of a custom handler, stored and pushed as it is. */
  frame(frame: Record<string, unknown>): void {
    this.events.push(draftEvent('frame.pushed', this.#actor, { frame }))
  }

  patch(patch: HandshakePatch): void {
    this.#patch = { ...this.#patch, ...patch }
  }

  get isEmpty(): boolean {
    return this.events.length === 0 && Object.keys(this.#patch).length === 0
  }

  /** What goes into the row: the patch and the counters. */
  rowPatch(): HandshakePatch {
    return { ...this.#patch, changes: this.#state.row.changes + this.#changes.length, lastAt: this.#lastAt }
  }

  written(): Iterable<FieldRow> {
    return this.#written.values()
  }

  /** Brings the state up to the committed draft. `head` is the number of its last event, `kept` how many changes stay. */
  apply(head: number, kept: number): void {
    const state = this.#state
    state.row = { ...state.row, ...this.rowPatch(), version: state.row.version + 1 }
    for (const [key, field] of this.#written) state.values.set(key, field)
    state.changes.push(...this.#changes)
    if (state.changes.length > kept) state.changes.splice(0, state.changes.length - kept)
    state.head = head
  }
}
