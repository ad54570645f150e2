import { isJsonObject } from '@parley/kernel/wire'

const maxKept = 500

/** What the agent called its tool calls: a request for permission may leave that out. */
export class ToolTitles {
  readonly #titles = new Map<string, { title?: string; kind?: string }>()

  /** Remembers from the params of a `session/update`. */
  see(params: unknown): void {
    const update = isJsonObject(params) ? params.update : undefined
    if (!isJsonObject(update) || typeof update.toolCallId !== 'string') return
    const { toolCallId, title, kind } = update
    const known = this.#titles.get(toolCallId)
    this.#titles.set(toolCallId, {
      ...known,
      ...(typeof title === 'string' && { title }),
      ...(typeof kind === 'string' && { kind }),
    })
    const [oldest] = this.#titles.keys()
    if (this.#titles.size > maxKept && oldest !== undefined) this.#titles.delete(oldest)
  }

  of(toolCallId: string): { title?: string; kind?: string } | undefined {
    return this.#titles.get(toolCallId)
  }
}
