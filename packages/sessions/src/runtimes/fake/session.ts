// A session of a scripted host, in memory: turns, permission requests, a prompt queue, numbered events.

import type {
  PendingPermission,
  PermissionCallbackResponse,
  PermissionResponseBody,
  PromptQueueItem,
  WireEvent,
} from '../../protocol/index.js'
import { type FakeTurnEnd, runTurn } from './turns.js'

/** An event with the host's number for it. */
export type FakeEvent = { seq: number; sessionId: string; event: WireEvent }

export type FakeSessionOptions = {
  id: string
  acpSessionId: string
  /** The host's numbering. */
  nextSeq(): number
  now(): number
  newId(): string
  /** Prompts wait while a turn runs; else they are refused. */
  hasQueue: boolean
  emitted(event: FakeEvent): void
  /** Asked before a permission request is shown; anything but `deferred` answers it. Default: it is shown. */
  askFirst?: AskFirst
}

export type AskFirst = (sessionId: string, request: PendingPermission) => Promise<PermissionCallbackResponse>

type Queued = { item: Omit<PromptQueueItem, 'position'> }
type Asked = { request: PendingPermission; answer(outcome: object): void }

export class FakeSession {
  readonly #options: FakeSessionOptions
  readonly #events: FakeEvent[] = []
  readonly #asked = new Map<string, Asked>()
  #queue: Queued[] = []
  #isPaused = false
  #cancel = () => {}
  isRunning = false
  hasEnded = false

  constructor(options: FakeSessionOptions) {
    this.#options = options
    this.#rpc('initialize', 'client_to_agent', 'request', { protocolVersion: 1 })
    this.#rpc('session/new', 'agent_to_client', 'response', { sessionId: options.acpSessionId })
  }

  get id(): string {
    return this.#options.id
  }

  get events(): readonly FakeEvent[] {
    return this.#events
  }

  get queueState() {
    const items = this.#queue.map(({ item }, position) => ({ ...item, position }))
    return { processing: this.isRunning, paused: this.#isPaused, items, size: items.length }
  }

  /** Runs a turn, or queues it. Undefined where neither is possible. */
  async prompt(
    text: string,
  ): Promise<FakeTurnEnd | { queued: true; queueId: string; position: number } | undefined> {
    if (!this.isRunning && !this.#isPaused) return this.#run(text)
    if (!this.#options.hasQueue) return undefined
    const queueId = this.#options.newId()
    this.#queue.push({ item: { queueId, text, enqueuedAt: new Date(this.#options.now()).toISOString() } })
    this.#tellQueue()
    return { queued: true, queueId, position: this.#queue.length - 1 }
  }

  /** False for a request that is unknown or answered. */
  respond(requestId: string, body: PermissionResponseBody): boolean {
    const asked = this.#asked.get(requestId)
    if (!asked) return false
    this.#asked.delete(requestId)
    const isGiven = 'optionId' in body
    const outcome = isGiven ? { outcome: 'selected', optionId: body.optionId } : { outcome: 'cancelled' }
    const response = { outcome }
    this.#rpc('session/request_permission', 'client_to_agent', 'response', response)
    this.tell(isGiven ? 'permission_approved' : 'permission_rejected', { requestId, response })
    asked.answer(outcome)
    return true
  }

  /** Removes waiting prompts; all of them without an id. Answers how many. */
  unqueue(queueId?: string): number {
    const before = this.#queue.length
    this.#queue = queueId === undefined ? [] : this.#queue.filter(({ item }) => item.queueId !== queueId)
    if (this.#queue.length < before) this.#tellQueue()
    return before - this.#queue.length
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.tell(isPaused ? 'queue.paused' : 'queue.resumed', {})
    if (!isPaused) this.#next()
  }

  cancel(): void {
    this.#cancel()
  }

  say(text: string): void {
    const update = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }
    this.#rpc('session/update', 'agent_to_client', 'notification', { update })
  }

  /** Asks for leave and resolves with the outcome. */
  async ask(): Promise<object> {
    const { id, newId, askFirst } = this.#options
    const requestId = newId()
    const options = [
      { optionId: 'allow', name: 'Allow', kind: 'allow_once' },
      { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
    ]
    const request = { requestId, toolCallId: `call-${requestId}`, title: 'Do it', kind: 'edit', options }
    this.#rpc('session/request_permission', 'agent_to_client', 'request', { options })
    const asked = new Promise<object>((resolve) => this.#asked.set(requestId, { request, answer: resolve }))
    const first = (await askFirst?.(id, request)) ?? { deferred: true }
    if ('deferred' in first) this.tell('permission_request', request)
    else this.respond(requestId, first)
    return asked
  }

  cancelled(): Promise<void> {
    return new Promise((resolve) => {
      this.#cancel = resolve
    })
  }

  /** The agent is gone. -1: it was killed. */
  end(exitCode: number): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.#queue = []
    this.tell('session.terminated', { exitCode })
    this.#cancel()
    for (const { answer } of this.#asked.values()) answer({ outcome: 'cancelled' })
  }

  async #run(text: string): Promise<FakeTurnEnd> {
    this.isRunning = true
    this.#rpc('session/prompt', 'client_to_agent', 'request', { prompt: [{ type: 'text', text }] })
    const end = await runTurn(this, text)
    this.isRunning = false
    const isFailure = 'failure' in end
    const payload = isFailure ? { error: { code: -32000, message: end.failure } } : end
    this.#rpc('session/prompt', 'agent_to_client', 'response', payload)
    if (isFailure) this.tell('error', { message: end.failure })
    this.#next()
    return end
  }

  #next(): void {
    if (this.isRunning || this.#isPaused || this.hasEnded) return
    const next = this.#queue.shift()
    if (!next) return
    // `#run` sets `isRunning` before anything else can begin.
    void this.#run(next.item.text)
    this.#tellQueue()
  }

  #tellQueue(): void {
    this.tell('queue.updated', this.queueState)
  }

  #rpc(method: string, direction: string, phase: string, payload: unknown): void {
    this.tell('rpc', { method, direction, phase, payload })
  }

  tell(type: string, data: Record<string, unknown>): void {
    if (this.hasEnded && type !== 'session.terminated') return
    const { id, nextSeq, now, emitted } = this.#options
    const event = { type, data, timestamp: new Date(now()).toISOString() }
    const numbered = { seq: nextSeq(), sessionId: id, event }
    this.#events.push(numbered)
    emitted(numbered)
  }
}
