// What goes over the pipe to an agent and back, told in the order of the bytes.

import type {
  AnyMessage,
  AnyNotification,
  AnyRequest,
  AnyResponse,
  JsonRpcId,
} from '@agentclientprotocol/sdk'
import { isJsonObject } from '@parley/kernel/wire'
import type { RpcData } from '../../protocol/index.js'

/** What a session is told by its agent's connection: at once, in order, before anything else is read. */
export interface AgentHooks {
  /** Every message, both ways, as the data of an `rpc` event. */
  onRpc(data: RpcData): void
  /** A `session/request_permission`, after its `onRpc`. */
  onPermissionRequest(id: JsonRpcId, params: unknown): void
  /** A request of the agent was answered, after its `onRpc`. */
  onAnswered(id: JsonRpcId): void
  /** A line was longer than allowed and was left out. */
  onTooLongLine(): void
  /** The turn that a `session/prompt` written now belongs to. */
  turnId(): string | undefined
  /** True for a notification that nobody is to see: the replay of `session/load`. */
  isHidden(method: string): boolean
}

type Asked = { method: string; turnId?: string }

/** Agents' requests that are not answered yet: how many, and their characters. */
const maxOpenRequests = 512
const maxOpenChars = 32 * 1024 * 1024
const maxIdLength = 500

/** What is to be done with a message of the agent. */
export type Verdict = 'handle' | 'ignore' | 'refuse'

export class Traffic {
  readonly #hooks: AgentHooks
  readonly #ofClient = new Map<JsonRpcId, Asked>()
  readonly #ofAgent = new Map<JsonRpcId, Asked & { chars: number }>()
  #openChars = 0

  constructor(hooks: AgentHooks) {
    this.#hooks = hooks
  }

  /** Tells of a message that the agent wrote; `chars`: its length. */
  fromAgent(message: AnyMessage, chars = 0): Verdict {
    if (!('method' in message)) return this.#answerOfAgent(message)
    if ('id' in message) return this.#requestOfAgent(message, chars)
    const { method, params } = message
    if (!this.#hooks.isHidden(method))
      this.#hooks.onRpc({ method, direction: 'agent_to_client', phase: 'notification', ...payload(params) })
    return method === '$/cancel_request' ? 'handle' : 'ignore'
  }

  /** Tells of a message that is written to the agent. */
  toAgent(message: AnyMessage): void {
    if ('method' in message) this.#callOfClient(message)
    else this.#answerOfClient(message)
  }

  #callOfClient(message: AnyRequest | AnyNotification): void {
    const { method, params } = message
    const isRequest = 'id' in message
    const turnId = method === 'session/prompt' ? this.#hooks.turnId() : undefined
    const asked = { method, ...(turnId !== undefined && { turnId }) }
    if (isRequest) this.#ofClient.set(message.id, asked)
    const phase = isRequest ? 'request' : 'notification'
    this.#hooks.onRpc({ ...asked, direction: 'client_to_agent', phase, ...payload(params) })
  }

  #requestOfAgent({ id, method, params }: AnyRequest, chars: number): Verdict {
    // Two requests with one id: the answers could not be told apart.
    if (this.#ofAgent.has(id)) return 'refuse'
    this.#hooks.onRpc({ method, direction: 'agent_to_client', phase: 'request', ...payload(params) })
    if (this.#ofAgent.size >= maxOpenRequests || this.#openChars + chars > maxOpenChars) return 'refuse'
    this.#openChars += chars
    this.#ofAgent.set(id, { method, chars })
    if (method === 'session/request_permission') this.#hooks.onPermissionRequest(id, params)
    return 'handle'
  }

  #answerOfAgent(message: AnyResponse): Verdict {
    const asked = this.#ofClient.get(message.id)
    if (!asked) return 'ignore'
    this.#ofClient.delete(message.id)
    this.#hooks.onRpc({ ...asked, direction: 'agent_to_client', phase: 'response', ...result(message) })
    return 'handle'
  }

  #answerOfClient(message: AnyResponse): void {
    const asked = this.#ofAgent.get(message.id)
    if (!asked) return
    this.#ofAgent.delete(message.id)
    const { method, chars } = asked
    this.#openChars -= chars
    this.#hooks.onRpc({ method, direction: 'client_to_agent', phase: 'response', ...result(message) })
    this.#hooks.onAnswered(message.id)
  }
}

function payload(params: unknown): { payload?: unknown } {
  return params === undefined ? {} : { payload: params }
}

function result(message: AnyResponse): { payload: unknown } {
  return { payload: 'error' in message ? { error: message.error } : message.result }
}

/** The message of a line; undefined for whatever else a program writes. */
export function parseMessage(line: string): AnyMessage | undefined {
  const value = parseJson(line)
  if (!isJsonObject(value) || value.jsonrpc !== '2.0') return undefined
  const hasId =
    (typeof value.id === 'string' && value.id.length <= maxIdLength) || typeof value.id === 'number'
  const isCall = typeof value.method === 'string' && (hasId || value.id === undefined)
  const isAnswer = value.method === undefined && hasId && ('result' in value || 'error' in value)
  // The cast: envelope, id and method were checked; what they carry is checked by whoever uses it.
  return isCall || isAnswer ? (value as AnyMessage) : undefined
}

function parseJson(line: string): unknown {
  // Logs and banners need no parser to be told from objects.
  if (!line.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
