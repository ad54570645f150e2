import type { Socket } from 'socket.io'
import type { Caller } from '../service/caller.js'
import type { Room } from './room.js'

/** One connected socket: who it is, what it follows, and its events, one after the other. */
export class Visitor {
  readonly socket: Socket
  /** Who calls; changes when the socket is authenticated anew. */
  caller: Caller
  /** By thread. */
  readonly rooms = new Map<string, Room>()
  /** Resolves when everything taken so far is done. */
  idle: Promise<void> = Promise.resolve()
  readonly #maxWaiting: number
  #waiting = 0

  constructor(socket: Socket, caller: Caller, maxWaiting: number) {
    this.socket = socket
    this.caller = caller
    this.#maxWaiting = maxWaiting
  }

  /** Runs a job, which must not reject, after those that came before it; false when too many wait. */
  inTurn(job: () => Promise<void>): boolean {
    if (this.#waiting >= this.#maxWaiting) return false
    this.#waiting += 1
    this.idle = this.idle.then(job).finally(() => {
      this.#waiting -= 1
    })
    return true
  }

  /** Leaves every room without a word. */
  leaveAll(): void {
    for (const room of this.rooms.values()) room.remove(this)
  }
}
