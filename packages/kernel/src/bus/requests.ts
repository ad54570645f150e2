// Questions to other nodes and their answers, over anything that carries messages.
import { isParleyError, kernelErrors } from '../errors/index.js'
import type { Clock, Ids, NodeId, Stop } from '../ids/index.js'
import type { BusMessage, Send } from './message.js'

const defaultTimeoutMs = 5_000
const maxPending = 10_000
/** Most characters of a question or an answer. */
const maxMessageChars = 1024 * 1024

type Handler = (message: string, from: NodeId) => Promise<string>
type Pending = { stop: Stop; resolve(text: string): void; reject(error: unknown): void }
type Deps = { node: NodeId; clock: Clock; ids: Ids; send: Send }

/** Both sides of `Bus.request`. */
export class Requests {
  readonly #deps: Deps
  readonly #pending = new Map<string, Pending>()
  readonly #handlers = new Map<string, Handler>()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  async request(to: NodeId, topic: string, message: string, timeoutMs = defaultTimeoutMs): Promise<string> {
    if (message.length > maxMessageChars) throw kernelErrors.bodyTooLarge()
    if (this.#pending.size >= maxPending) throw kernelErrors.unavailable()
    const { node, send, ids, clock } = this.#deps
    const id = ids.next()
    const ask = { kind: 'ask', id, topic, message } as const
    return new Promise<string>((resolve, reject) => {
      const stop = clock.after(timeoutMs, () =>
        this.#settle(id)?.reject(kernelErrors.requestTimedOut({ details: { node: to, topic } })),
      )
      this.#pending.set(id, { stop, resolve, reject })
      if (to === node) void this.asked(ask, node)
      else send(ask, to)
    })
  }

  serve(topic: string, handler: Handler): Stop {
    if (this.#handlers.has(topic)) throw new Error(`The topic ${topic} has a handler already.`)
    this.#handlers.set(topic, handler)
    return () => {
      if (this.#handlers.get(topic) === handler) this.#handlers.delete(topic)
    }
  }

  /** Somebody asks this node. */
  async asked({ id, topic, message }: BusMessage & { kind: 'ask' }, from: NodeId): Promise<void> {
    const answer = { kind: 'answer', id, ...(await this.#answer(topic, message, from)) } as const
    if (from === this.#deps.node) this.answered(answer)
    else this.#deps.send(answer, from)
  }

  /** The answer to a question of this node. One that comes too late, or twice, is nobody's. */
  answered({ id, ok, text }: BusMessage & { kind: 'answer' }): void {
    const pending = this.#settle(id)
    if (ok) pending?.resolve(text)
    else pending?.reject(kernelErrors.requestRefused({ details: { reason: text } }))
  }

  close(): void {
    for (const id of this.#pending.keys()) this.#settle(id)?.reject(kernelErrors.closed())
    this.#handlers.clear()
  }

  /** Takes a question off the list; whoever does settles it. */
  #settle(id: string): Pending | undefined {
    const pending = this.#pending.get(id)
    pending?.stop()
    this.#pending.delete(id)
    return pending
  }

  async #answer(topic: string, message: string, from: NodeId): Promise<{ ok: boolean; text: string }> {
    const handler = this.#handlers.get(topic)
    if (!handler) return { ok: false, text: `nobody serves ${topic}` }
    try {
      const text = await handler(message, from)
      return text.length > maxMessageChars
        ? { ok: false, text: 'the answer is too large' }
        : { ok: true, text }
    } catch (error) {
      // A refusal's code may travel; a fault's text stays inside the process it broke in.
      return { ok: false, text: isParleyError(error) ? error.code : 'the handler failed' }
    }
  }
}
