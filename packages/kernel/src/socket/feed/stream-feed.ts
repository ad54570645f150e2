import type { Stop, StreamId } from '../../ids/index.js'
import type { Log, StoredEvent } from '../../log/index.js'
import { type Connection, closeCodes } from '../connection.js'
import type { Outlet } from '../outlet.js'
import { type PreparedFrame, prepareFrame } from '../prepared-frame.js'
import { type CatchUpSource, catchUp } from './catch-up.js'
import { type Encode, Entry } from './entry.js'
import { Group } from './group.js'
import { type JoinCallbacks, Member } from './member.js'
import { type EntryPage, Pages } from './pages.js'
import { Recent, type RecentLimits } from './recent.js'

/** What all streams of a feed share. */
export type StreamFeedContext<Audience> = {
  log: Pick<Log, 'read' | 'tap'>
  outlet: Outlet
  encode: Encode<Audience>
  encodeSignal(payload: string, audience: Audience): string | undefined
  recent: RecentLimits
  pageSize: number
  onFault(error: unknown): void
}

/** All sockets of one stream. Follows the log once for all of them. */
export class StreamFeed<Audience> implements CatchUpSource<Audience> {
  readonly members = new Set<Member<Audience>>()
  readonly #context: StreamFeedContext<Audience>
  readonly #onEmpty: () => void
  readonly #groups = new Map<Audience, Group<Audience>>()
  readonly #recent: Recent<Audience>
  readonly #pages: Pages<Audience>
  readonly #stopTap: Stop
  /** Everything up to here was handed to the live members; -1 while nothing is known. */
  #cursor = -1
  /** The newest number that was heard of. */
  #heard = -1
  #isRepairing = false

  constructor(stream: StreamId, context: StreamFeedContext<Audience>, onEmpty: () => void) {
    this.#context = context
    this.#onEmpty = onEmpty
    this.#recent = new Recent(context.recent)
    this.#pages = new Pages(context.log, stream, context.encode, context.pageSize)
    this.#stopTap = context.log.tap(stream, {
      events: (events) => this.#onEvents(events),
      signal: (payload) => this.#onSignal(payload),
      gone: () => this.#onGone(),
    })
  }

  join(connection: Connection, after: number, audience: Audience, callbacks: JoinCallbacks): Stop {
    const member = new Member({ connection, audience, callbacks, after })
    const forget = connection.onClose(() => this.#leave(member))
    this.members.add(member)
    this.#catchUp(member)
    return () => {
      forget()
      this.#leave(member)
    }
  }

  /** Sockets that an event was handed to live; 0 for one that is no longer remembered. */
  deliveries(seq: number): number {
    return this.#recent.find(seq)?.delivered ?? 0
  }

  forget(): void {
    this.#recent.clear()
  }

  async page(after: number, isFirst: boolean): Promise<EntryPage<Audience>> {
    const head = this.#cursor
    const entries = isFirst ? undefined : this.#recent.between(after, head)
    return entries ? { entries, head, first: after + 1 } : this.#pages.read(after)
  }

  historyGone(member: Member<Audience>, first: number): void {
    this.#tell(() => member.callbacks.historyGone?.(first))
  }

  goLive(member: Member<Audience>): boolean {
    if (this.#cursor === -1) this.#cursor = member.cursor
    if (member.cursor < this.#cursor) return false
    if (!member.isCaughtUp) {
      member.isCaughtUp = true
      this.#tell(() => member.callbacks.caughtUp?.(member.cursor))
      // The callback may have stopped the member, or let more happen.
      if (member.state !== 'catching') return true
      if (member.cursor < this.#cursor) return false
    }
    member.state = 'live'
    this.#groupOf(member.audience).add(member)
    // It has read further than the others were told: they are owed those events.
    if (member.cursor > this.#cursor) this.#hear(member.cursor)
    return true
  }

  #onEvents(events: readonly StoredEvent[]): void {
    const fresh = events.filter(({ seq }) => seq > this.#cursor)
    const [first] = fresh
    if (!first) return
    const isMissing = this.#isRepairing || first.seq > this.#cursor + 1
    if (isMissing && this.#hasLive()) this.#hear(fresh.at(-1)?.seq ?? 0)
    else this.#deliver(fresh.map((event) => new Entry(event, this.#context.encode)))
  }

  #onSignal(payload: string): void {
    for (const group of this.#groups.values()) {
      if (group.members.size === 0) continue
      const frame = this.#frame(() => this.#context.encodeSignal(payload, group.audience))
      if (frame) group.push(this.#cursor, frame, true)
    }
  }

  #onGone(): void {
    for (const group of this.#groups.values()) group.flush()
    // A callback may join the stream anew; that member is none of those.
    const everybody = [...this.members]
    for (const member of everybody) {
      this.#tell(() => member.callbacks.gone?.())
      this.#leave(member)
    }
  }

  #deliver(entries: readonly Entry<Audience>[]): void {
    for (const entry of entries) {
      if (entry.seq <= this.#cursor) continue
      this.#recent.push(entry)
      this.#cursor = entry.seq
      for (const group of this.#groups.values()) this.#handTo(group, entry)
    }
    this.#heard = Math.max(this.#heard, this.#cursor)
  }

  #handTo(group: Group<Audience>, entry: Entry<Audience>): void {
    if (group.members.size === 0) return
    const frame = this.#frame(() => entry.frameFor(group.audience))
    if (!frame) return
    entry.delivered += group.members.size
    group.push(entry.seq, frame)
  }

  #hear(seq: number): void {
    this.#heard = Math.max(this.#heard, seq)
    if (this.#isRepairing) return
    this.#isRepairing = true
    this.#repair().catch((error: unknown) => this.#failAll(error))
  }

  /** Reads what live members were not told. */
  async #repair(): Promise<void> {
    try {
      while (this.#cursor < this.#heard && this.#hasLive()) await this.#repairPage(this.#heard)
    } finally {
      // In the same step as the last look at `#heard`: what is heard later begins a repair of its own.
      this.#isRepairing = false
    }
    if (this.#cursor >= this.#heard) return
    this.#recent.clear()
    this.#cursor = this.#heard
  }

  async #repairPage(target: number): Promise<void> {
    const { entries, head, first } = await this.#pages.readFresh(this.#cursor)
    if (first > this.#cursor + 1) this.#skipTo(first)
    this.#deliver(entries)
    // A hint is not the truth; the log, read after it, is.
    if (head < target && this.#heard === target) this.#heard = this.#cursor
  }

  #skipTo(first: number): void {
    this.#recent.clear()
    this.#cursor = first - 1
    for (const group of this.#groups.values()) {
      group.flush()
      for (const member of group.members) if (member.cursor < first - 1) this.historyGone(member, first)
    }
  }

  #catchUp(member: Member<Audience>): void {
    catchUp(member, this).catch((error: unknown) => this.#fail(member, error))
  }

  #groupOf(audience: Audience): Group<Audience> {
    const known = this.#groups.get(audience)
    if (known) return known
    const group = new Group(audience, this.#context.outlet, (member: Member<Audience>) => {
      group.remove(member)
      member.state = 'catching'
      this.#catchUp(member)
    })
    this.#groups.set(audience, group)
    return group
  }

  #leave(member: Member<Audience>): void {
    if (!this.members.delete(member)) return
    // Frames of this turn are the member's: it was told of nothing that would end them.
    if (member.state === 'live' && member.connection.isOpen) member.connection.lane.settle()
    member.state = 'stopped'
    const group = this.#groups.get(member.audience)
    group?.remove(member)
    if (group?.members.size === 0) this.#groups.delete(member.audience)
    this.#tell(() => member.callbacks.left?.(member.cursor))
    if (this.members.size > 0) return
    this.#stopTap()
    this.#onEmpty()
  }

  /** The client reconnects and resumes; going on would leave a hole in what it has. */
  #fail(member: Member<Audience>, error: unknown): void {
    this.#context.onFault(error)
    member.connection.close(closeCodes.internal)
    this.#leave(member)
  }

  #failAll(error: unknown): void {
    this.#context.onFault(error)
    for (const group of this.#groups.values())
      for (const member of group.members) {
        member.connection.close(closeCodes.internal)
        this.#leave(member)
      }
  }

  #hasLive(): boolean {
    for (const group of this.#groups.values()) if (group.members.size > 0) return true
    return false
  }

  #frame(make: () => PreparedFrame | string | undefined): PreparedFrame | undefined {
    try {
      const made = make()
      return typeof made === 'string' ? prepareFrame(made) : made
    } catch (error) {
      this.#failAll(error)
      return undefined
    }
  }

  #tell(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.#context.onFault(error)
    }
  }
}
