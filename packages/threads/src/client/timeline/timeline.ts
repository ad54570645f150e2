// The log as people read it: edits and deletions applied, answers with their questions, calls with their results.
import {
  type FormExpiredEvent,
  isKnownEvent,
  type MessageDeletedEvent,
  type MessageEditedEvent,
  type MessageEvent,
  type ToolApprovedEvent,
  type ToolCallEvent,
  type ToolRejectedEvent,
  type ToolResultEvent,
} from '../../protocol/index.js'
import type {
  AnyThreadEvent,
  MessageItem,
  NoticeItem,
  ReasoningItem,
  TimelineItem,
  ToolItem,
} from '../types.js'
import { type AnswerTo, answersIn } from './answers.js'
import { reuse } from './reuse.js'

/** An item of the log; pending and streaming ones are not in it. */
export type LogItem = MessageItem | ReasoningItem | ToolItem | NoticeItem

/** Names an item for as long as it is shown; default: the id of its event. */
export type KeyOf = (event: AnyThreadEvent) => string

const nothing: readonly never[] = []

/** The items of a log in its order, all at once. */
export function foldTimeline(events: readonly AnyThreadEvent[]): readonly TimelineItem[] {
  return Timeline.of(events, ({ id }) => id).items
}

/** The fold of a log that grows at its end. An item stays the same object until something about it changes. */
export class Timeline {
  readonly #keyOf: KeyOf
  #items: LogItem[] = []
  #shared: readonly LogItem[] | undefined
  /** Places in `#items` of messages and calls, by the id of their event. */
  readonly #places = new Map<string, number>()
  /** Places of calls, by run and call id, and by call id alone. */
  readonly #calls = new Map<string, number>()
  /** Messages that are nothing but answers, by event id: they are shown where was asked. */
  readonly #answers = new Map<string, readonly AnswerTo[]>()
  /** Places of calls that nobody has decided, by run. */
  readonly #undecided = new Map<string, Set<number>>()

  constructor(keyOf: KeyOf) {
    this.#keyOf = keyOf
  }

  /** Folds anew, for a log that changed elsewhere than at its end. What came out the same stays the same object. */
  static of(events: readonly AnyThreadEvent[], keyOf: KeyOf, before?: Timeline): Timeline {
    const timeline = new Timeline(keyOf)
    for (const event of events) timeline.add(event)
    if (before) timeline.#items = reuse(timeline.#items, before.items)
    return timeline
  }

  /** The same array until something is added. */
  get items(): readonly LogItem[] {
    this.#shared ??= [...this.#items]
    return this.#shared
  }

  /** Adds what comes next in the log. */
  add(event: AnyThreadEvent): void {
    this.#shared = undefined
    if (!isKnownEvent(event)) return void this.#notice(event)
    switch (event.type) {
      case 'message':
        return void this.#message(event)
      case 'message.edited':
        return void this.#edit(event)
      case 'message.deleted':
        return void this.#delete(event)
      case 'reasoning':
        return void this.#append({ key: this.#keyOf(event), kind: 'reasoning', event })
      case 'tool.call':
        return void this.#call(event)
      case 'tool.result':
        return void this.#result(event)
      case 'tool.approved':
        return void this.#decide(event, 'approved')
      case 'tool.rejected':
        return void this.#decide(event, 'rejected')
      case 'tool.expired':
        return void this.#withdraw(this.#places.get(event.target_id))
      case 'form.expired':
        return void this.#expire(event)
      case 'run.completed':
      case 'run.failed':
      case 'run.cancelled':
        this.#withdrawAll(event.run_id)
        return void this.#notice(event)
      default:
        return void this.#notice(event)
    }
  }

  #append(item: LogItem): void {
    this.#items.push(item)
  }

  #notice(event: AnyThreadEvent): void {
    this.#append({ key: this.#keyOf(event), kind: 'notice', event })
  }

  #message(event: MessageEvent): void {
    const answers = answersIn(event, (id) => this.#messageAt(this.#places.get(id)))
    for (const { askedId, formId } of answers) this.#answer(askedId, formId, event)
    if (answers.length === event.content.length && answers.length > 0) {
      this.#answers.set(event.id, answers)
      return
    }
    this.#places.set(event.id, this.#items.length)
    const { content } = event
    const key = this.#keyOf(event)
    this.#append({ key, kind: 'message', event, content, isEdited: false, isDeleted: false, answers: {} })
  }

  #answer(askedId: string, formId: string, event: MessageEvent): void {
    this.#change(this.#places.get(askedId), (item) =>
      item.kind === 'message' ? { ...item, answers: { ...item.answers, [formId]: event } } : item,
    )
  }

  #edit({ target_id, content }: MessageEditedEvent): void {
    this.#replace(target_id, content, (item) =>
      item.isDeleted ? item : { ...item, content, isEdited: true },
    )
  }

  #delete({ target_id }: MessageDeletedEvent): void {
    this.#replace(target_id, [], (item) => ({ ...item, content: nothing, isDeleted: true }))
  }

  /** A target that is not here is older than what is here: the fold is made anew when it comes. */
  #replace(id: string, content: MessageEvent['content'], next: (item: MessageItem) => MessageItem): void {
    for (const { askedId, formId } of this.#answers.get(id) ?? []) {
      const given = this.#messageAt(this.#places.get(askedId))?.answers[formId]
      if (given) this.#answer(askedId, formId, { ...given, content })
    }
    this.#change(this.#places.get(id), (item) => (item.kind === 'message' ? next(item) : item))
  }

  #call(call: ToolCallEvent): void {
    const at = this.#items.length
    this.#places.set(call.id, at)
    this.#calls.set(call.tool.id, at)
    this.#calls.set(`${call.run_id} ${call.tool.id}`, at)
    const mustAgree = call.metadata.approval === 'required'
    if (mustAgree && call.run_id !== null) {
      const places = this.#undecided.get(call.run_id) ?? new Set()
      this.#undecided.set(call.run_id, places.add(at))
    }
    const key = this.#keyOf(call)
    this.#append({ key, kind: 'tool', call, ...(mustAgree && { approval: 'required' }) })
  }

  #result(result: ToolResultEvent): void {
    const at = this.#callAt(result.run_id, result.tool.id)
    if (at === undefined) return void this.#notice(result)
    this.#change(at, (item) => (item.kind === 'tool' ? { ...item, result } : item))
  }

  #decide(event: ToolApprovedEvent | ToolRejectedEvent, approval: 'approved' | 'rejected'): void {
    const at = this.#places.get(event.target_id)
    if (at === undefined) return void this.#notice(event)
    const { author: decidedBy, reason } = event
    this.#settle(at, { approval, decidedBy, ...(reason !== null && { reason }) })
  }

  /** Whoever asked has gone: nobody needs to agree any more. */
  #withdrawAll(runId: string | null): void {
    for (const at of this.#undecided.get(runId ?? '') ?? []) this.#withdraw(at)
    this.#undecided.delete(runId ?? '')
  }

  #withdraw(at: number | undefined): void {
    if (at !== undefined) this.#settle(at, { approval: 'withdrawn' })
  }

  #settle(at: number, decided: Pick<ToolItem, 'approval' | 'decidedBy' | 'reason'>): void {
    for (const places of this.#undecided.values()) places.delete(at)
    this.#change(at, (item) => (item.kind === 'tool' ? { ...item, ...decided } : item))
  }

  #expire({ target_id, form_id }: FormExpiredEvent): void {
    this.#change(this.#places.get(target_id), (item) =>
      item.kind === 'message' ? { ...item, expiredForms: [...(item.expiredForms ?? []), form_id] } : item,
    )
  }

  // Ids of calls are only told apart inside a run, and a result need not come from the run of the call.
  #callAt(runId: string | null, callId: string): number | undefined {
    return this.#calls.get(`${runId} ${callId}`) ?? this.#calls.get(callId)
  }

  #messageAt(at: number | undefined): MessageItem | undefined {
    const item = at === undefined ? undefined : this.#items[at]
    return item?.kind === 'message' ? item : undefined
  }

  #change(at: number | undefined, next: (item: LogItem) => LogItem): void {
    if (at !== undefined) this.#items[at] = next(this.#items[at]!)
  }
}
