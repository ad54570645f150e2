import { jsonBytes, onAgentSet, onUserEdit, type Provenance } from '../protocol/index.js'
import type { FieldRow } from '../store/port.js'
import type { TurnGuard } from './batches.js'
import type { Actor } from './caller.js'
import { changeHandshake } from './change.js'
import type { HandshakeDeps } from './deps.js'
import type { ChangeDraft } from './draft.js'
import { grantExtension } from './grant-extension.js'
import type { PushedFrame } from './session.js'
import type { HandshakeState } from './state.js'

/** A value that a session is about to store. */
export type PendingWrite = {
  key: string
  value: unknown
  /** `ai` or `user` under the rules of forms, else the name for the change record. */
  source: string
  rules: 'form' | 'plain'
  /** Sockets get a frame of its own. */
  isAnnounced?: boolean
}

type Step = { write: PendingWrite } | { frame: PushedFrame } | { extend: number }

/** What one session wants to store, in order, until it is flushed. */
export class SessionWrites {
  readonly #deps: HandshakeDeps
  readonly #id: string
  readonly #actor: Actor
  #steps: Step[] = []
  #bytes = 0
  #guard: TurnGuard | undefined
  /** The waiting writes of each key, oldest first. */
  #byKey = new Map<string, PendingWrite[]>()

  constructor(deps: HandshakeDeps, id: string, actor: Actor) {
    this.#deps = deps
    this.#id = id
    this.#actor = actor
  }

  /** From now on everything is stored under the turn of a batch. */
  underTurn(guard: TurnGuard | undefined): void {
    this.#guard = guard
  }

  add(write: PendingWrite): void {
    this.#bytes += jsonBytes(write.value)
    this.#steps.push({ write })
    const writes = this.#byKey.get(write.key)
    if (writes) writes.push(write)
    else this.#byKey.set(write.key, [write])
  }

  extend(seconds: number): void {
    this.#steps.push({ extend: seconds })
  }

  /** A frame that only says what a waiting write does becomes that write's own frame. */
  announce(frame: PushedFrame): void {
    const write = frame.type === 'action' ? this.#byKey.get(String(frame.key))?.at(-1) : undefined
    if (write && !write.isAnnounced && write.value === frame.value) write.isAnnounced = true
    else this.#steps.push({ frame })
  }

  /** Bytes of the values that wait, as JSON. */
  get bytes(): number {
    return this.#bytes
  }

  /** How many frames wait that are sent to every socket. */
  get announced(): number {
    return this.#steps.filter((step) => ('write' in step ? step.write.isAnnounced : 'frame' in step)).length
  }

  /** The values of a state with the waiting writes on top. */
  over(state: HandshakeState): Map<string, FieldRow> {
    if (this.#byKey.size === 0) return state.values
    const values = new Map(state.values)
    for (const key of this.#byKey.keys()) {
      const field = this.fieldOver(state, key)
      if (field) values.set(key, field)
    }
    return values
  }

  /** One value of a state with the waiting writes on top. */
  fieldOver(state: HandshakeState, key: string): FieldRow | undefined {
    let field = state.values.get(key)
    for (const write of this.#byKey.get(key) ?? []) {
      const by = labelAfter(field?.by, write, this.#deps.options.releaseOnClear)
      if (by !== 'locked') field = { key, value: write.value, by, at: this.#deps.ground.clock.micros() }
    }
    return field
  }

  /** Keys that a state has with the waiting writes on top: a write to a new key always lands. */
  sizeOver({ values }: HandshakeState): number {
    let size = values.size
    for (const key of this.#byKey.keys()) if (!values.has(key)) size += 1
    return size
  }

  /**
   * Stores what waits as one unit. `last` may add events that belong behind it; it is told what was dropped.
   */
  async flush(
    last?: (draft: ChangeDraft, dropped: readonly PendingWrite[]) => void,
  ): Promise<readonly PendingWrite[]> {
    const steps = this.#steps
    this.#steps = []
    this.#bytes = 0
    this.#byKey.clear()
    if (steps.length === 0 && !last) return []
    const draftAll = (draft: ChangeDraft): PendingWrite[] => {
      const refused = steps.filter((step) => !this.#take(draft, step))
      const writes = refused.flatMap((step) => ('write' in step ? [step.write] : []))
      last?.(draft, writes)
      return writes
    }
    const dropped = await changeHandshake(this.#deps, this.#id, this.#actor, draftAll, this.#guard)
    this.#deps.sockets.flush(this.#id)
    return dropped
  }

  /** False when the user was faster, or there is no room. */
  #take(draft: ChangeDraft, step: Step): boolean {
    if ('frame' in step) draft.frame(step.frame)
    else if ('extend' in step) grantExtension(draft, step.extend, this.#deps.options.maxLifetimeSeconds)
    else return this.#write(draft, step.write)
    return true
  }

  #write(draft: ChangeDraft, write: PendingWrite): boolean {
    const { key, value, source } = write
    const now = draft.field(key)
    if (!now && draft.size >= this.#deps.options.limits.keys) return false
    const by = labelAfter(now?.by, write, this.#deps.options.releaseOnClear)
    if (by === 'locked') return false
    const isUser = source === 'user'
    draft.write({
      type: isUser ? 'field.edited' : 'field.set',
      key,
      value,
      by,
      quiet: !isUser && !write.isAnnounced,
    })
    return true
  }
}

function labelAfter(now: string | undefined, write: PendingWrite, releaseOnClear: boolean): string {
  if (write.rules === 'plain') return write.source
  if (write.source === 'user')
    return onUserEdit(now as Provenance | undefined, write.value, { releaseOnClear })
  return onAgentSet(now as Provenance | undefined)
}
