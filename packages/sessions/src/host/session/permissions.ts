import { type JsonRpcId, RequestError, type RequestPermissionResponse } from '@agentclientprotocol/sdk'
import { type PendingPermission, type PermissionResponseBody, sessionEvents } from '../../protocol/index.js'
import { HostError } from '../errors.js'
import { Asked, allowingOption, isAllowing, type Outcome, outcomeOf } from './asked.js'
import { permissionOf } from './permission-request.js'

export type PermissionsDeps = {
  max: number
  newId(): string
  /** What a tool call was called when it was first shown. */
  titleOf(toolCallId: string): { title?: string; kind?: string } | undefined
  isAutoApproving(): boolean
  emit(type: string, data: Record<string, unknown>): void
  /** Writes the record down. */
  save(): void
}

/** The questions of one agent that are open (section 4.2). */
export class Permissions {
  readonly #deps: PermissionsDeps
  readonly #asked = new Map<JsonRpcId, Asked>()

  constructor(deps: PermissionsDeps) {
    this.#deps = deps
  }

  /** Those that nobody has decided, oldest first. */
  get open(): PendingPermission[] {
    return [...this.#asked.values()].filter(({ outcome }) => !outcome).map(({ pending }) => pending)
  }

  /** A request came in: shows it, or answers it when the session approves by itself. */
  request(id: JsonRpcId, params: unknown): void {
    const pending = permissionOf(params, this.#deps.newId(), (toolCallId) => this.#deps.titleOf(toolCallId))
    if (!pending || this.#asked.size >= this.#deps.max) return
    const asked = new Asked(pending)
    this.#asked.set(id, asked)
    const optionId = this.#deps.isAutoApproving() ? allowingOption(pending) : undefined
    this.#deps.emit(sessionEvents.permissionRequest, { ...pending, ...(optionId && { auto: { optionId } }) })
    if (optionId) asked.settle({ outcome: 'selected', optionId })
    else this.#deps.save()
  }

  /** The answer for the agent, once there is one. A request that it takes back is cancelled. */
  async answerFor(id: JsonRpcId, signal: AbortSignal): Promise<RequestPermissionResponse> {
    const asked = this.#asked.get(id)
    if (!asked)
      throw new RequestError(-32000, 'This can not be asked: it is malformed, or too many are open.')
    signal.addEventListener('abort', () => asked.settle({ outcome: 'cancelled' }), { once: true })
    return { outcome: await asked.decided }
  }

  /** Refuses with 404 what is not open and with 400 an option that was not offered. Resolves when the agent was told. */
  async answer(requestId: string, body: PermissionResponseBody): Promise<void> {
    const asked = [...this.#asked.values()].find(({ pending }) => pending.requestId === requestId)
    if (!asked || asked.outcome)
      throw new HostError(404, `Permission request ${requestId} not found or already resolved`)
    asked.settle(outcomeOf(asked.pending, body))
    await asked.told
  }

  /** The answer went out: tells everybody. */
  answered(id: JsonRpcId): void {
    const asked = this.#asked.get(id)
    if (asked) this.#tell(id, asked)
  }

  /** Answers all that are open and can be allowed. */
  approveOpen(): void {
    for (const asked of this.#asked.values()) {
      const optionId = allowingOption(asked.pending)
      if (optionId) asked.settle({ outcome: 'selected', optionId })
    }
  }

  cancelOpen(): void {
    for (const asked of this.#asked.values()) asked.settle({ outcome: 'cancelled' })
  }

  /** The agent is gone: what it asked is cancelled, and said to be. */
  end(): void {
    this.cancelOpen()
    for (const [id, asked] of this.#asked) this.#tell(id, asked)
  }

  #tell(id: JsonRpcId, asked: Asked): void {
    this.#asked.delete(id)
    tellOutcome(this.#deps.emit, asked.pending, asked.outcome ?? { outcome: 'cancelled' })
    this.#deps.save()
    asked.markTold()
  }
}

/** Emits `permission_approved` for an option that allows, else `permission_rejected`. */
export function tellOutcome(
  emit: PermissionsDeps['emit'],
  pending: PendingPermission,
  outcome: Outcome,
): void {
  const type = isAllowing(pending, outcome)
    ? sessionEvents.permissionApproved
    : sessionEvents.permissionRejected
  emit(type, { requestId: pending.requestId, response: { outcome } })
}
