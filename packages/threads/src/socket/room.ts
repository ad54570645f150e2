import { type FollowItem, isMark, type StoredEvent } from '@parley/kernel/log'
import type { Namespace } from 'socket.io'
import { threadsErrors } from '../errors.js'
import type { Run, ThreadEvent, ThreadLeft } from '../protocol/index.js'
import type { Changed } from '../service/changes.js'
import type { ThreadsDeps } from '../service/deps.js'
import { streamOf, toWireEvent } from '../service/events.js'
import { canSee } from '../service/gate.js'
import { toThread } from '../service/objects.js'
import { RunPushes } from '../service/runs/run-pushes.js'
import type { PushToOthers, PushToRoom, RoomPart } from './room-part.js'
import { RoomPresence } from './room-presence.js'
import { RoomReads } from './room-reads.js'
import { RoomStreams } from './room-streams.js'
import { RoomTyping } from './room-typing.js'
import type { Visitor } from './visitor.js'

export type RoomOptions = {
  deps: ThreadsDeps
  namespace: Namespace
  threadId: string
  /** Called once, when nobody is left or the room has failed. */
  onClosed(): void
}

/**
 * One thread's followers in one namespace of this node, fed by one follower of the log. Everything goes out in the
 * order of the log: each event once, then what it changed, then who may not stay.
 */
export class Room {
  /** Resolves when everything that comes from now on is pushed; rejects with `threads.thread_not_found` when the room closes first. */
  readonly ready: Promise<void>
  /** Resolves when the room works no more. */
  readonly done: Promise<void>
  readonly #options: RoomOptions
  readonly #name: string
  readonly #runs: RunPushes
  readonly #parts: readonly RoomPart[]
  readonly #visitors = new Set<Visitor>()
  readonly #stop = new AbortController()
  #caughtUp = () => {}
  /** Number of the newest event that was pushed. */
  #cursor = 0
  /** Version of the thread that was pushed. */
  #version = 0

  constructor(options: RoomOptions) {
    this.#options = options
    this.#name = `thread:${options.threadId}`
    this.#runs = new RunPushes(options.deps.store)
    const pushes = { ...options, push: this.#push, pushToOthers: this.#pushToOthers }
    this.#parts = [
      new RoomStreams(pushes),
      new RoomReads(pushes),
      new RoomTyping(pushes),
      ...(options.deps.options.presence ? [new RoomPresence(pushes)] : []),
    ]
    this.ready = new Promise((resolve, reject) => {
      this.#caughtUp = resolve
      this.#stop.signal.addEventListener('abort', () => reject(threadsErrors.threadNotFound()), {
        once: true,
      })
    })
    this.ready.catch(() => undefined)
    this.done = this.#run()
  }

  /** Lets a socket in: from the moment the room is ready, it misses nothing. */
  add(visitor: Visitor): void {
    this.#visitors.add(visitor)
    visitor.rooms.set(this.#options.threadId, this)
    // The adapter is in memory: the socket is in the room when this returns.
    void visitor.socket.join(this.#name)
  }

  has(visitor: Visitor): boolean {
    return this.#visitors.has(visitor)
  }

  /** Tells a socket what is going on here; call it when its join is about to be answered. */
  joined(visitor: Visitor): void {
    for (const part of this.#parts) part.onJoined?.(visitor)
  }

  /** Lets a socket go without a word. */
  remove(visitor: Visitor): void {
    if (!this.#visitors.delete(visitor)) return
    visitor.rooms.delete(this.#options.threadId)
    void visitor.socket.leave(this.#name)
    for (const part of this.#parts) part.onLeft?.(visitor)
    if (this.#visitors.size === 0) this.close()
  }

  /** Stops following. Whoever is here gets nothing more. */
  close(): void {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    for (const part of this.#parts) part.close?.()
    this.#options.onClosed()
  }

  /** Sends away who may not see the thread any more. */
  async evictHidden(): Promise<void> {
    const row = await this.#options.deps.store.findThread(this.#options.threadId)
    // A thread that is gone is told by the log.
    if (row) this.#evict('tenant_changed', ({ caller }) => !canSee(caller, row.tenant))
  }

  async #run(): Promise<void> {
    try {
      await this.#follow()
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#options.deps.onFault(error, 'threads.room')
    }
    // Who is still here would wait for ever. A lost connection is made anew by the client, and resumes.
    for (const visitor of this.#visitors) {
      this.remove(visitor)
      visitor.socket.conn.close()
    }
    this.close()
  }

  async #follow(): Promise<void> {
    const { deps, threadId } = this.#options
    const { log } = deps.ground
    const [newest] = await log.last(streamOf(threadId), { limit: 1 })
    this.#cursor = newest?.seq ?? 0
    const follower = log.follow(streamOf(threadId), { after: this.#cursor, signal: this.#stop.signal })
    for await (const item of follower) await this.#take(item)
  }

  async #take(item: FollowItem): Promise<void> {
    if (!isMark(item)) return this.#pushEvent(item)
    if (item.mark === 'caught_up') await this.#opened()
    if (item.mark === 'signal') await this.#signalled(JSON.parse(item.payload) as Changed)
    if (item.mark === 'gone') this.#deleted()
  }

  async #opened(): Promise<void> {
    this.#caughtUp()
    for (const part of this.#parts) await part.onOpened?.()
  }

  async #pushEvent(stored: StoredEvent): Promise<void> {
    if (stored.seq <= this.#cursor || this.#stop.signal.aborted) return
    this.#cursor = stored.seq
    const event = toWireEvent(stored)
    // The signal that said so may be late.
    if (event.type === 'run.started' && event.run_id) this.#pushRuns(await this.#runs.asNew(event.run_id))
    for (const part of this.#parts) part.beforeEvent?.(event)
    this.#push('event', event)
    await this.#pushConsequences(event)
    for (const part of this.#parts) part.afterEvent?.(event)
  }

  async #pushConsequences(event: ThreadEvent): Promise<void> {
    if (event.type === 'thread.member_added') await this.#pushMembers()
    if (event.type === 'thread.member_removed') {
      const ids = await this.#pushMembers()
      const gone = event.member.id
      // One who was added again meanwhile stays.
      if (!ids.has(gone)) this.#evict('removed', ({ caller }) => caller.identity.id === gone)
    }
    if (event.type === 'thread.tenant_changed') {
      await this.#pushThread()
      await this.evictHidden()
    }
    if (event.type.startsWith('run.') && event.run_id)
      this.#pushRuns(await this.#runs.onEvent(event.run_id, event.type))
  }

  /** A word that came beside the log. The log is read first: what led to the word goes out before it. */
  async #signalled(changed: Changed): Promise<void> {
    // What is wanted, those who write hear.
    if (changed.changed === 'stream.wanted') return
    // Nothing in the log leads to a piece of text or to who is online, and there are many of these words.
    if (changed.changed !== 'stream.written' && changed.changed !== 'presence') await this.#catchUp()
    if (changed.changed === 'thread') await this.#pushThread()
    if (changed.changed === 'run') this.#pushRuns(await this.#runs.asNew(changed.run_id))
    for (const part of this.#parts) await part.onSignal?.(changed)
  }

  async #catchUp(): Promise<void> {
    const { deps, threadId } = this.#options
    for (;;) {
      const { events } = await deps.ground.log.read(streamOf(threadId), { after: this.#cursor })
      if (events.length === 0) return
      for (const event of events) await this.#pushEvent(event)
      // Nothing is pushed by a room that was closed meanwhile.
      if (this.#stop.signal.aborted) return
    }
  }

  async #pushMembers(): Promise<ReadonlySet<string>> {
    const { deps, threadId } = this.#options
    const rows = await deps.store.listMembers(threadId)
    this.#push('members:updated', { thread_id: threadId, members: rows.map(({ identity }) => identity) })
    return new Set(rows.map(({ identityId }) => identityId))
  }

  async #pushThread(): Promise<void> {
    const { deps, threadId } = this.#options
    const row = await deps.store.findThread(threadId)
    if (!row || row.version <= this.#version) return
    this.#version = row.version
    this.#push('thread:updated', toThread(row))
  }

  #pushRuns(runs: readonly Run[]): void {
    for (const run of runs) this.#push('run:updated', run)
  }

  #deleted(): void {
    this.#push('thread:deleted', { thread_id: this.#options.threadId })
    this.#evict('deleted', () => true)
  }

  #evict(reason: ThreadLeft['reason'], isMeant: (visitor: Visitor) => boolean): void {
    const left: ThreadLeft = { thread_id: this.#options.threadId, reason }
    for (const visitor of [...this.#visitors].filter(isMeant)) {
      visitor.socket.emit('thread:left', left)
      this.remove(visitor)
    }
  }

  // The adapter encodes once for the whole room.
  readonly #push: PushToRoom = (name, ...payload) => {
    if (!this.#stop.signal.aborted) this.#options.namespace.to(this.#name).emit(name, ...payload)
  }

  readonly #pushToOthers: PushToOthers = (identityId, name, ...payload) => {
    if (this.#stop.signal.aborted) return
    const own = [...this.#visitors].filter(({ caller }) => caller.identity.id === identityId)
    const others = this.#options.namespace.to(this.#name).except(own.map(({ socket }) => socket.id))
    others.volatile.emit(name, ...payload)
  }
}
