import type {
  ActionAnswer,
  ClaimAnswer,
  ContextAnswer,
  DiffAnswer,
  ExtendAnswer,
} from '../../protocol/messages.js'
import { withoutSlash } from '../../protocol/prompt/address.js'
import { parsePrompt } from '../../protocol/prompt/parse.js'
import { type Edge, edgeOf } from '../edge.js'
import { HandshakeError } from '../handshake-error.js'
import { callJson } from '../http.js'

/** How an agent reaches a session. */
export type AgentOptions = {
  sessionId: string
  token: string
  /** Slashes at its end are dropped. */
  baseUrl: string
  /** Default `/handshake`. */
  prefix?: string
  /** For each call. Default 15 000. */
  timeoutMs?: number
  /** Default: the global one. */
  fetch?: Edge['fetch']
  /** Default: the machine's own. */
  timers?: Edge['timers']
}

/**
 * The agent's side of a session. Every method throws a `HandshakeError`: with `status` and `body` when the
 * server refused, without when no answer came.
 */
export class HandshakeAgent {
  readonly sessionId: string
  readonly baseUrl: string
  readonly prefix: string
  readonly timeoutMs: number
  /** What opens the session now: the prompt's token, and after `claim` the agent's own. */
  token: string
  readonly #edge: Edge

  constructor(options: AgentOptions) {
    this.sessionId = options.sessionId
    this.token = options.token
    this.baseUrl = withoutSlash(options.baseUrl)
    this.prefix = withoutSlash(options.prefix ?? '/handshake')
    this.timeoutMs = options.timeoutMs ?? 15_000
    this.#edge = edgeOf(options)
  }

  /** Makes an agent from a pasted prompt. Throws a `PromptError` when the text is none. */
  static fromPrompt(text: string, options: Partial<AgentOptions> = {}): HandshakeAgent {
    const { sessionId, token, baseUrl } = parsePrompt(text)
    return new HandshakeAgent({ sessionId, token, baseUrl, ...options })
  }

  /** Reads the state of the session. A mode with a handler of its own may answer with other members. */
  getContext(): Promise<ContextAnswer> {
    return this.#call('GET', `context/${this.#id}`)
  }

  /** Reads what changed: after `sinceSeq`, else after the time `since`, else the last 50 changes. */
  getDiff(options: { since?: string; sinceSeq?: number } = {}): Promise<DiffAnswer> {
    const query = new URLSearchParams()
    if (options.since) query.set('since', options.since)
    if (options.sinceSeq !== undefined) query.set('sinceSeq', String(options.sinceSeq))
    return this.#call('GET', `diff/${this.#id}${query.size > 0 ? `?${query}` : ''}`)
  }

  /** Writes fields, in the order of the object's members. `stream`: the page sees them one by one. */
  action(
    values: Record<string, unknown>,
    options: { stream?: boolean; intervalMs?: number } = {},
  ): Promise<ActionAnswer> {
    const actions = Object.entries(values).map(([key, value]) => ({ type: 'set', key, value }))
    const { stream = true, intervalMs = 300 } = options
    return this.#call('POST', `action/${this.#id}`, { actions, stream, intervalMs })
  }

  /** Asks for more time. */
  extend({ extraSeconds = 1800 }: { extraSeconds?: number } = {}): Promise<ExtendAnswer> {
    return this.#call('POST', `session/${this.#id}/extend`, { extraSeconds })
  }

  /**
   * Trades the token for one that only this agent knows, and uses that one from now on. Works once for a
   * session: a second claim is refused with 409.
   */
  async claim(options: { nonce?: string; label?: string; agent?: string } = {}): Promise<ClaimAnswer> {
    const answer = await this.#call<ClaimAnswer>('POST', `session/${this.#id}/claim`, options)
    if (typeof answer.agentToken !== 'string') throw new HandshakeError('the answer holds no agentToken')
    this.token = answer.agentToken
    return answer
  }

  get #id(): string {
    return encodeURIComponent(this.sessionId)
  }

  async #call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const answer = await callJson(this.#edge, {
      method,
      url: `${this.baseUrl}${this.prefix}/${path}`,
      headers: { 'X-Handshake-Token': this.token },
      body,
      timeoutMs: this.timeoutMs,
      // WHY: a redirect would carry the token to an address that the prompt does not name.
      redirect: 'manual',
    })
    // The server's own schemas made it; a foreign server's answer is passed on as it came.
    return answer as T
  }
}
