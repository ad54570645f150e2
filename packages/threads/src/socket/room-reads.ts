import type { ThreadEvent } from '../protocol/index.js'
import type { Changed } from '../service/changes.js'
import type { PushToRoom, RoomPart } from './room-part.js'

export type RoomReadsOptions = { threadId: string; push: PushToRoom }

/** Pushes how far members have read. Words of two nodes may overtake each other: what is pushed never goes back. */
export class RoomReads implements RoomPart {
  readonly #options: RoomReadsOptions
  /** The newest mark that was pushed, by identity id. */
  readonly #pushed = new Map<string, number>()

  constructor(options: RoomReadsOptions) {
    this.#options = options
  }

  onSignal(changed: Changed): void {
    if (changed.changed !== 'read') return
    const { threadId, push } = this.#options
    const { identity_id, seq } = changed
    if (seq <= (this.#pushed.get(identity_id) ?? 0)) return
    this.#pushed.set(identity_id, seq)
    push('read:updated', { thread_id: threadId, identity_id, seq })
  }

  /** Whoever comes back begins anew. */
  afterEvent(event: ThreadEvent): void {
    if (event.type === 'thread.member_removed') this.#pushed.delete(event.member.id)
  }
}
