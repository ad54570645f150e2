// What is known of one thread, and how each piece of news changes it.
import type { MessageEvent, Thread, ThreadMember } from '../../protocol/index.js'
import type { Timers } from '../edge.js'
import type { ThreadsClientError } from '../threads-client-error.js'
import { Timeline } from '../timeline/timeline.js'
import type { AnyThreadEvent, ThreadSnapshot, TimelineItem } from '../types.js'
import { EventLog, type LogChange } from './event-log.js'
import { Outbox, type OutboxParts } from './outbox.js'
import type { Look, Surroundings } from './reader.js'
import { RunList } from './run-list.js'
import { Streams } from './streams.js'
import { Typists } from './typists.js'

export type StateOptions = {
  timers: Timers
  outbox: Omit<OutboxParts, 'onStored' | 'changed'>
  changed(): void
}

type Parts = readonly [readonly TimelineItem[], readonly TimelineItem[], readonly TimelineItem[]]

export class ThreadState {
  readonly log = new EventLog()
  readonly runs = new RunList()
  readonly streams = new Streams()
  readonly typists: Typists
  readonly outbox: Outbox
  thread: Thread | undefined
  hasOlder = false
  members: readonly ThreadMember[] = []
  online: readonly string[] = []
  reads: Readonly<Record<string, number>> = {}
  /** Says that something changed. */
  readonly changed: () => void
  #fold: Timeline
  #parts: Parts = [[], [], []]
  #timeline: readonly TimelineItem[] = []

  constructor({ timers, outbox, changed }: StateOptions) {
    this.changed = changed
    this.typists = new Typists(timers, changed)
    this.outbox = new Outbox({ ...outbox, changed, onStored: (event) => this.#stored(event) })
    this.#fold = new Timeline((event) => this.outbox.keyOf(event))
  }

  /** Everything but the status. Lists are the same objects until they change. */
  get content(): Omit<ThreadSnapshot, 'status' | 'error'> {
    const { thread, members, hasOlder, online, reads } = this
    return {
      ...(thread && { thread }),
      members,
      runs: this.runs.value,
      events: this.log.events,
      timeline: this.timeline,
      hasOlder,
      online,
      typing: this.typists.value,
      reads,
    }
  }

  get timeline(): readonly TimelineItem[] {
    const parts: Parts = [this.#fold.items, this.outbox.value, this.streams.value]
    if (parts.some((part, index) => part !== this.#parts[index])) this.#timeline = parts.flat()
    this.#parts = parts
    return this.#timeline
  }

  /** Takes a change of the log. */
  applied({ added, isRebuilt }: LogChange): void {
    for (const event of added) {
      this.outbox.settle(event)
      this.streams.forget(event.id)
      this.runs.takeEvent(event)
      if (event.type === 'message') this.typists.forget(event.author.id)
      if (isRunOver(event)) this.streams.forgetRun(event.run_id ?? '')
      if (!isRebuilt) this.#fold.add(event)
    }
    if (isRebuilt) this.#fold = Timeline.of(this.log.events, (event) => this.outbox.keyOf(event), this.#fold)
    if (isRebuilt || added.length > 0) this.changed()
  }

  takeOlder({ events, hasOlder }: Look): void {
    this.hasOlder = hasOlder
    this.applied(this.log.prepend(events))
    this.changed()
  }

  /** A word that comes late changes nothing. */
  takeThread(thread: Thread): void {
    if (this.thread && this.thread.updated_at > thread.updated_at) return
    this.thread = thread
    this.changed()
  }

  takeMembers(members: readonly ThreadMember[]): void {
    this.members = members
    for (const { identity_id, read_seq } of members) this.takeRead(identity_id, read_seq)
    this.changed()
  }

  takeRead(identityId: string, seq: number): void {
    const known = Object.hasOwn(this.reads, identityId) ? this.reads[identityId]! : -1
    if (seq <= known) return
    this.reads = { ...this.reads, [identityId]: seq }
    this.changed()
  }

  takeOnline(online: readonly string[]): void {
    this.online = online
    this.changed()
  }

  takeSurroundings({ thread, members, runs }: Surroundings): void {
    this.takeThread(thread)
    this.takeMembers(members)
    for (const run of runs) this.runs.take(run)
    this.changed()
  }

  /** The thread is over: nothing is written any more. */
  ended(error: ThreadsClientError): void {
    this.outbox.end(error)
    this.typists.clear()
    for (const { key } of this.streams.value) this.streams.forget(key)
    this.changed()
  }

  /** The connection broke: what only a connection tells is unknown. */
  lostSight(): void {
    this.online = []
    this.typists.clear()
    this.streams.doubt()
    this.changed()
  }

  /** The acknowledgement may come before the push: what is not next waits for it. */
  #stored(event: MessageEvent): void {
    if (this.log.has(event)) this.outbox.settle(event)
    else if (this.log.isNext(event)) this.applied(this.log.push(event))
  }
}

const over = new Set(['run.completed', 'run.failed', 'run.cancelled'])

const isRunOver = ({ type }: AnyThreadEvent): boolean => over.has(type)
