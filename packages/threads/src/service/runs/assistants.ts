import type { Stop } from '@parley/kernel/ids'
import type { AssistantHandler } from './handler.js'

/** The handlers of this node by assistant id. */
export class Assistants {
  readonly #handlers = new Map<string, AssistantHandler>()

  /** Throws an `Error` when the id is taken. */
  add(id: string, handler: AssistantHandler): Stop {
    if (this.#handlers.has(id)) throw new Error(`The assistant ${JSON.stringify(id)} is registered already.`)
    this.#handlers.set(id, handler)
    return () => {
      if (this.#handlers.get(id) === handler) this.#handlers.delete(id)
    }
  }

  find(id: string): AssistantHandler | undefined {
    return this.#handlers.get(id)
  }
}
