import type { Stop } from '@parley/kernel/ids'
import { assistant, type Identity } from '../../protocol/index.js'
import type { AssistantHandler } from './handler.js'

/** How an assistant appears where it joins by itself (`autoJoinAssistants`). */
export type AssistantProfile = {
  /** Default: its id. */
  name?: string
  /** Default `{}`. */
  metadata?: Record<string, unknown>
}

type Registered = { handler: AssistantHandler; profile: AssistantProfile }

/** The handlers of this node by assistant id. */
export class Assistants {
  readonly #registered = new Map<string, Registered>()

  /** Throws an `Error` when the id is taken. */
  add(id: string, handler: AssistantHandler, profile: AssistantProfile = {}): Stop {
    if (this.#registered.has(id))
      throw new Error(`The assistant ${JSON.stringify(id)} is registered already.`)
    const registered = { handler, profile }
    this.#registered.set(id, registered)
    return () => {
      if (this.#registered.get(id) === registered) this.#registered.delete(id)
    }
  }

  find(id: string): AssistantHandler | undefined {
    return this.#registered.get(id)?.handler
  }

  /** Who an assistant is, by what was said when it was registered. */
  identityOf(id: string): Identity {
    const { name = id, metadata } = this.#registered.get(id)?.profile ?? {}
    return assistant({ id, name, ...(metadata && { metadata }) })
  }
}
