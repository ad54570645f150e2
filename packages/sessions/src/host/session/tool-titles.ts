import { isJsonObject } from '@parley/kernel/wire'

const maxKept = 500
const maxIdLength = 500
export const maxTitle = 1_000
const maxKind = 100

/** At most so many characters. WHY a copy: a part of a text keeps the whole of it in memory. */
export const short = (text: string, max: number): string =>
  text.length <= max ? text : Buffer.from(text.slice(0, max)).toString()

/** What the agent called its tool calls: a request for permission may leave that out. */
export class ToolTitles {
  readonly #titles = new Map<string, { title?: string; kind?: string }>()

  /** Remembers from the params of a `session/update`. */
  see(params: unknown): void {
    const update = isJsonObject(params) ? params.update : undefined
    if (!isJsonObject(update) || typeof update.toolCallId !== 'string') return
    const { toolCallId, title, kind } = update
    if (toolCallId.length > maxIdLength) return
    const known = this.#titles.get(toolCallId)
    this.#titles.set(toolCallId, {
      ...known,
      ...(typeof title === 'string' && { title: short(title, maxTitle) }),
      ...(typeof kind === 'string' && { kind: short(kind, maxKind) }),
    })
    const [oldest] = this.#titles.keys()
    if (this.#titles.size > maxKept && oldest !== undefined) this.#titles.delete(oldest)
  }

  of(toolCallId: string): { title?: string; kind?: string } | undefined {
    return this.#titles.get(toolCallId)
  }
}
