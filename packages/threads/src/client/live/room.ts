// One followed thread: what it knows, how it stays up to date, and what can be done in it.

import { Notifier } from '@parley/kernel/edge'
import { clientEvents } from '../../protocol/index.js'
import type { Edge, Stop } from '../edge.js'
import { closedError, offlineError } from '../failures.js'
import { readSent } from '../received.js'
import type { Rest } from '../rest/rest.js'
import type { Connection } from '../socket/connection.js'
import type { FrameHandlers } from '../socket/frames.js'
import { ThreadsClientError } from '../threads-client-error.js'
import type { ThreadSnapshot } from '../types.js'
import { CatchUp } from './catch-up.js'
import { latest } from './latest.js'
import { createPushHandlers } from './pushes.js'
import { ReadMarker } from './read-marker.js'
import { Reader } from './reader.js'
import { ThreadState } from './state.js'
import { Sync } from './sync.js'
import { throttle } from './throttle.js'

export type RoomParts = { edge: Edge; rest: Rest; connection: Connection }

const typingEveryMs = 3_000

/** Shared by everybody who follows the thread. */
export class Room {
  readonly id: string
  readonly state: ThreadState
  readonly frames: FrameHandlers
  readonly sync: Sync
  readonly readMarker: ReadMarker
  /** Says that the user types, unless it was said a moment ago. */
  readonly typing: () => void
  readonly #parts: RoomParts
  readonly #catchUp: CatchUp
  readonly #notifier = new Notifier()
  #snapshot: ThreadSnapshot | undefined

  constructor(id: string, parts: RoomParts) {
    const { edge, rest, connection } = parts
    this.id = id
    this.#parts = parts
    this.state = new ThreadState({
      timers: edge.timers,
      changed: () => this.#changed(),
      outbox: {
        send: async (draft) => readSent(await connection.ask(clientEvents.send, { thread_id: id, draft })),
        canSend: () => this.sync.status === 'live',
        randomId: edge.randomId,
      },
    })
    this.readMarker = new ReadMarker((seq) => rest.markRead(id, seq))
    this.typing = throttle(edge.timers, typingEveryMs, () => this.#tell(clientEvents.typing))
    this.#catchUp = new CatchUp({ reader: new Reader(rest, connection, id), state: this.state, connection })
    this.sync = new Sync({ connection, edge, steps: this.#catchUp, onStatus: () => this.#statusChanged() })
    const readMembers = async () => this.state.takeMembers(await rest.listMembers(id))
    this.frames = createPushHandlers({
      state: this.state,
      sync: this.sync,
      // The next refresh repairs what failed here.
      readMembers: latest(readMembers, () => undefined),
    })
  }

  start(): void {
    this.sync.wake()
  }

  /** The same object until something changes. */
  snapshot(): ThreadSnapshot {
    const { status, error } = this.sync
    this.#snapshot ??= { status, ...(error && { error }), ...this.state.content }
    return this.#snapshot
  }

  subscribe(listener: () => void): Stop {
    return this.#notifier.subscribe(listener)
  }

  /** Rejects when an action can't be done now. Actions that can't be repeated safely do not wait (contract 4.5). */
  async act<T>(action: () => Promise<T>): Promise<T> {
    if (this.sync.isOver) throw this.sync.error ?? goneError()
    if (this.#parts.connection.state !== 'connected') throw offlineError()
    return action()
  }

  loadOlder(): Promise<void> {
    return this.#catchUp.loadOlder()
  }

  /** Nobody follows any more. Leaves the room of the server unless another one of this client needs it. */
  dispose({ leaves }: { leaves: boolean }): void {
    this.sync.stop()
    if (leaves) this.#tell(clientEvents.leave)
    this.state.ended(closedError('the thread'))
  }

  #statusChanged(): void {
    const { status, error, isOver } = this.sync
    if (status !== 'live') this.state.lostSight()
    if (isOver) this.state.ended(error ?? goneError())
    this.#changed()
    if (status === 'live') this.state.outbox.flush()
  }

  /** A word that nobody waits for. */
  #tell(name: string): void {
    this.#parts.connection.ask(name, { thread_id: this.id }).catch(() => undefined)
  }

  #changed(): void {
    this.#snapshot = undefined
    this.#notifier.changed()
  }
}

const goneError = () => new ThreadsClientError('not_found', 'the thread is gone')
