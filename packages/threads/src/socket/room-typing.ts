import type { Changed } from '../service/changes.js'
import type { PushToOthers, RoomPart } from './room-part.js'

export type RoomTypingOptions = {
  threadId: string
  pushToOthers: PushToOthers
}

/** Pushes who types, to everybody else. */
export class RoomTyping implements RoomPart {
  readonly #options: RoomTypingOptions

  constructor(options: RoomTypingOptions) {
    this.#options = options
  }

  onSignal(changed: Changed): void {
    if (changed.changed !== 'typing') return
    const { threadId, pushToOthers } = this.#options
    const { identity_id, until } = changed
    pushToOthers(identity_id, 'typing', { thread_id: threadId, identity_id, until })
  }
}
