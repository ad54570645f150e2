import { type JsonRpcId, methods } from '@agentclientprotocol/sdk'
import { type RpcData, type SessionSettings, sessionEvents } from '../../protocol/index.js'
import type { AgentConnection, AgentHooks } from '../agent/index.js'
import { HostError } from '../errors.js'
import { isoNow, newUuid, type SessionDeps } from './deps.js'
import { Permissions, tellOutcome } from './permissions.js'
import { PromptQueue } from './prompt-queue.js'
import type { SessionRecord } from './record.js'
import { ToolTitles } from './tool-titles.js'
import { TurnWorker } from './turn-worker.js'
import { Turns } from './turns.js'

/**
 * What goes on between people and the agent of a session: turns, those that wait, questions. Lives through restarts of the
 * agent; `attach` gives it the connection to the one that runs now.
 */
export class Conversation implements AgentHooks {
  readonly turns: Turns
  readonly permissions: Permissions
  readonly worker: TurnWorker
  readonly #record: SessionRecord
  readonly #deps: SessionDeps
  readonly #queue: PromptQueue
  readonly #titles = new ToolTitles()
  #isOver = false
  /** True while the agent shows again what everybody has seen. */
  isReplaying = false

  constructor(deps: SessionDeps, record: SessionRecord) {
    this.#deps = deps
    this.#record = record
    const { clock, ids, limits } = deps
    const emit = (type: string, data: Record<string, unknown>) => this.emit(type, data)
    this.#queue = new PromptQueue({
      max: limits.queuedPrompts,
      items: record.queue,
      isPaused: record.paused,
      emit,
    })
    this.worker = new TurnWorker({ record, clock, cancelMs: limits.cancelMs, emit })
    this.turns = new Turns({
      queue: this.#queue,
      newItem: (text) => ({ queueId: newUuid(ids), text, enqueuedAt: isoNow(clock) }),
      save: () => this.save(),
      work: (turn) => this.worker.work(turn),
      onFault: (error) => deps.onFault(error, 'host.session'),
    })
    this.permissions = new Permissions({
      max: limits.openPermissions,
      newId: () => newUuid(ids),
      titleOf: (toolCallId) => this.#titles.of(toolCallId),
      isAutoApproving: () => record.autoApprove,
      emit,
      save: () => void this.save().catch((error: unknown) => deps.onFault(error, 'host.session')),
    })
  }

  emit(type: string, data: Record<string, unknown>): void {
    this.#deps.events.emit({ sessionId: this.#record.sessionId, type, data })
  }

  /** Resolves when everything as it is now is on disk. */
  async save(): Promise<void> {
    // What comes late must not bring the record of an ended session back.
    if (this.#isOver) return
    await this.#deps.records.save({
      ...this.#record,
      turn: this.turns.running?.item,
      queue: [...this.#queue.items],
      paused: this.#queue.isPaused,
      permissions: this.permissions.open,
    })
  }

  /** The agent is ready for prompts. */
  attach(connection: AgentConnection): void {
    if (!connection.isOpen) return
    this.worker.connection = connection
    this.turns.go()
  }

  /** The agent says no more. */
  detach(): void {
    this.worker.connection = undefined
    this.turns.hold()
  }

  /** Everything that waited for the agent has ended with it. */
  async concluded(): Promise<void> {
    await this.turns.settled()
    this.permissions.end()
  }

  /** What an earlier host left open can't be answered any more: says so. */
  concludeRecorded(): void {
    const { turn, permissions } = this.#record
    for (const pending of permissions)
      tellOutcome((type, data) => this.emit(type, data), pending, { outcome: 'cancelled' })
    if (turn) this.worker.fail(turn.queueId)
  }

  /** The session is over: forgets what waits, and writes nothing down any more. */
  close(): void {
    this.turns.forget()
    this.#isOver = true
  }

  get settings(): SessionSettings {
    return { autoApprovePermissions: this.#record.autoApprove }
  }

  async setAutoApprove(isOn: boolean): Promise<void> {
    this.#record.autoApprove = isOn
    if (isOn) this.permissions.approveOpen()
    await this.save()
  }

  /** Cancels the running turn and the questions that are open. Refuses with 409 when none runs. */
  async cancel(): Promise<void> {
    const turn = this.turns.running
    if (!turn) throw new HostError(409, 'No turn is running')
    await this.worker.cancel(turn, () => this.turns.running === turn)
    this.permissions.cancelOpen()
  }

  onRpc(data: RpcData): void {
    this.emit(sessionEvents.rpc, { ...data })
    if (data.method === methods.client.session.update) this.#titles.see(data.payload)
    const running = this.turns.running
    if (data.phase === 'response' && data.turnId !== undefined && running) running.isAnswered = true
  }

  onPermissionRequest(id: JsonRpcId, params: unknown): void {
    this.permissions.request(id, params)
  }

  onAnswered(id: JsonRpcId): void {
    this.permissions.answered(id)
  }

  onTooLongLine(): void {
    this.emit(sessionEvents.error, { message: 'The agent wrote a line that is too long; it was left out.' })
  }

  turnId(): string | undefined {
    return this.turns.running?.item.queueId
  }

  isHidden(method: string): boolean {
    return this.isReplaying && method === methods.client.session.update
  }
}
