import {
  type AgentContext,
  methods,
  type PromptRequest,
  type PromptResponse,
  RequestError,
  type SessionUpdate,
  type StopReason,
} from '@agentclientprotocol/sdk'
import { greeting } from './greeting.js'
import type { History } from './history.js'
import type { Offers } from './offers.js'
import type { Turn } from './turn.js'
import { words } from './words/index.js'

/** Writes to stdout past the protocol. */
export type WriteRaw = (text: string) => Promise<void>

export type DemoSessionDeps = { history: History; offers: Offers; raw: WriteRaw }

/** One ACP session: one turn at a time. */
export class DemoSession {
  readonly id: string
  readonly #cwd: string
  readonly #deps: DemoSessionDeps
  #turn: AbortController | undefined

  constructor(id: string, cwd: string, deps: DemoSessionDeps) {
    this.id = id
    this.#cwd = cwd
    this.#deps = deps
  }

  get offers(): Offers {
    return this.#deps.offers
  }

  cancel(): void {
    this.#turn?.abort()
  }

  async prompt({ prompt }: PromptRequest, client: AgentContext): Promise<PromptResponse> {
    if (this.#turn) throw RequestError.invalidRequest(undefined, 'a turn is running')
    const abort = new AbortController()
    this.#turn = abort
    const text = prompt.map((block) => (block.type === 'text' ? block.text : '')).join('')
    try {
      this.#deps.history.add(this.id, {
        sessionUpdate: 'user_message_chunk',
        content: { type: 'text', text },
      })
      this.#deps.history.save(this.id)
      const stopReason = await this.#run(text, client, abort.signal)
      return { stopReason: abort.signal.aborted ? 'cancelled' : stopReason }
    } finally {
      this.#turn = undefined
      this.#deps.history.save(this.id)
    }
  }

  async #run(text: string, client: AgentContext, signal: AbortSignal): Promise<StopReason> {
    const trimmed = text.trim()
    const [first = ''] = trimmed.split(/\s/, 1)
    const rest = trimmed.slice(first.length).trim()
    const turn = this.#turnOf(rest, client, signal)
    const word = words.get(first)
    if (word) return (await word.run(turn)) ?? 'end_turn'
    await turn.say(greeting(trimmed))
    return 'end_turn'
  }

  #turnOf(rest: string, client: AgentContext, signal: AbortSignal): Turn {
    const update = async (update: SessionUpdate) => {
      this.#deps.history.add(this.id, update)
      await client.notify(methods.client.session.update, { sessionId: this.id, update })
    }
    const args = rest === '' ? [] : rest.split(/\s+/)
    const say = (text: string) =>
      update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } })
    return {
      sessionId: this.id,
      cwd: this.#cwd,
      rest,
      args,
      signal,
      client,
      say,
      update,
      raw: this.#deps.raw,
    }
  }
}
