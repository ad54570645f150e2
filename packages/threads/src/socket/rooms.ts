import type { Namespace } from 'socket.io'
import type { ThreadsDeps } from '../service/deps.js'
import { Room } from './room.js'

/** The rooms of this node that somebody is in. */
export class Rooms {
  readonly #deps: ThreadsDeps
  // By the object, not the path: the library drops an empty namespace, and makes another one for the next who comes.
  readonly #byNamespace = new Map<Namespace, Map<string, Room>>()
  readonly #working = new Set<Promise<void>>()

  constructor(deps: ThreadsDeps) {
    this.#deps = deps
  }

  /** The room of a thread; made when there is none. Add somebody on the same turn, or it is never closed. */
  open(namespace: Namespace, threadId: string): Room {
    const rooms = this.#byNamespace.get(namespace) ?? new Map<string, Room>()
    this.#byNamespace.set(namespace, rooms)
    const known = rooms.get(threadId)
    if (known) return known
    const onClosed = () => {
      rooms.delete(threadId)
      if (rooms.size === 0) this.#byNamespace.delete(namespace)
    }
    const room = new Room({ deps: this.#deps, namespace, threadId, onClosed })
    rooms.set(threadId, room)
    const working = room.done.finally(() => this.#working.delete(working))
    this.#working.add(working)
    return room
  }

  /** Rooms that are open now. */
  get size(): number {
    return [...this.#byNamespace.values()].reduce((sum, { size }) => sum + size, 0)
  }

  /** Closes all rooms; resolves when none works any more. */
  async close(): Promise<void> {
    for (const rooms of this.#byNamespace.values()) for (const room of rooms.values()) room.close()
    await Promise.all(this.#working)
  }
}
