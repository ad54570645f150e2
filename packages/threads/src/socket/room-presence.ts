import type { Stop } from '@parley/kernel/ids'
import { Bursts } from '../service/bursts.js'
import { type Changed, tellChanged } from '../service/changes.js'
import type { ThreadsDeps } from '../service/deps.js'
import type { PresenceWord } from '../service/presence-words.js'
import { OnlineElsewhere } from './online-elsewhere.js'
import type { PushToRoom, RoomPart } from './room-part.js'
import type { Visitor } from './visitor.js'

/** How often a room tells who is in it. */
const tellEveryMs = 20_000
/** Ids in one word: each may have 255 characters, and a signal has at most 256 KiB. */
const idsPerWord = 100

export type RoomPresenceOptions = { deps: Pick<ThreadsDeps, 'ground'>; threadId: string; push: PushToRoom }

/**
 * Who has a socket in the thread, on any node. Every room tells the others who comes and goes, repeats it from time to
 * time, and pushes the set of all of them when it has changed.
 */
export class RoomPresence implements RoomPart {
  readonly #options: RoomPresenceOptions
  /** This room among those of the thread. */
  readonly #from: string
  /** The sockets here, by identity id. */
  readonly #here = new Map<string, Set<Visitor>>()
  readonly #elsewhere: OnlineElsewhere
  /** Came since the last push, and know nothing yet. */
  readonly #newcomers = new Set<Visitor>()
  readonly #pushes: Bursts
  readonly #answers: Bursts
  #pushed = '[]'
  #isClosed = false
  #stopTelling: Stop | undefined

  constructor(options: RoomPresenceOptions) {
    const { clock, ids } = options.deps.ground
    this.#options = options
    this.#from = ids.next()
    this.#elsewhere = new OnlineElsewhere({ clock, onForgotten: () => this.#pushes.soon() })
    this.#pushes = new Bursts(clock, () => this.#pushNow())
    this.#answers = new Bursts(clock, () => this.#tellAll('online'))
  }

  onOpened(): void {
    this.#tell({ asks: true })
  }

  onJoined(visitor: Visitor): void {
    const { id } = visitor.caller.identity
    const sockets = this.#here.get(id)
    if (!sockets) this.#tell({ online: [id] })
    this.#here.set(id, (sockets ?? new Set()).add(visitor))
    this.#newcomers.add(visitor)
    this.#stopTelling ??= this.#tellLater()
    this.#pushes.soon()
  }

  onLeft(visitor: Visitor): void {
    const { id } = visitor.caller.identity
    const sockets = this.#here.get(id)
    this.#newcomers.delete(visitor)
    if (!sockets?.delete(visitor) || sockets.size > 0) return
    this.#here.delete(id)
    this.#tell({ offline: [id] })
    this.#pushes.soon()
  }

  onSignal(changed: Changed): void {
    if (changed.changed !== 'presence' || changed.from === this.#from || this.#isClosed) return
    this.#elsewhere.hear(changed)
    if (changed.asks) this.#answers.soon()
    this.#pushes.soon()
  }

  /** Says goodbye for whoever is left. */
  close(): void {
    this.#isClosed = true
    this.#stopTelling?.()
    this.#elsewhere.close()
    this.#pushes.stop()
    this.#answers.stop()
    this.#tellAll('offline')
    this.#here.clear()
  }

  #tellLater(): Stop {
    return this.#options.deps.ground.clock.after(tellEveryMs, () => {
      this.#tellAll('online')
      this.#stopTelling = this.#tellLater()
    })
  }

  #tellAll(what: 'online' | 'offline'): void {
    const ids = [...this.#here.keys()]
    for (let start = 0; start < ids.length; start += idsPerWord)
      this.#tell({ [what]: ids.slice(start, start + idsPerWord) })
  }

  #tell(word: Pick<PresenceWord, 'online' | 'offline' | 'asks'>): void {
    const { deps, threadId } = this.#options
    tellChanged(deps, threadId, { changed: 'presence', from: this.#from, ...word })
  }

  #pushNow(): void {
    const { threadId, push } = this.#options
    const online = [...new Set([...this.#here.keys(), ...this.#elsewhere.ids])].toSorted()
    const payload = { thread_id: threadId, online }
    const text = JSON.stringify(online)
    if (text !== this.#pushed) push('presence:updated', payload)
    else for (const { socket } of this.#newcomers) socket.emit('presence:updated', payload)
    this.#pushed = text
    this.#newcomers.clear()
  }
}
