// What is known of one session, put together for its followers.
import type { Session, SessionLog } from '../../protocol/index.js'
import { SessionFold } from '../timeline/fold.js'
import type { TimelineItem } from '../timeline/items.js'
import { Prompts, type PromptsParts } from './prompts.js'
import type { SessionSnapshot } from './types.js'

const maxTitle = 120

export class SessionState {
  readonly prompts: Prompts
  readonly #fold = new SessionFold()
  readonly #changed: () => void
  readonly #logs: SessionLog[] = []
  #sharedLogs: readonly SessionLog[] | undefined
  #session: Session | undefined
  #isTruncated = false
  #parts: readonly (readonly TimelineItem[])[] = []
  #timeline: readonly TimelineItem[] = []

  constructor(parts: PromptsParts) {
    this.#changed = parts.changed
    this.prompts = new Prompts(parts)
    this.#fold.onPrompt = (text) => this.prompts.settle(text)
  }

  /** The same array until something comes. */
  get logs(): readonly SessionLog[] {
    this.#sharedLogs ??= this.#logs.slice()
    return this.#sharedLogs
  }

  get hasEvents(): boolean {
    return this.#logs.length > 0
  }

  take(event: SessionLog): void {
    this.#logs.push(event)
    this.#sharedLogs = undefined
    this.#fold.take(event)
    if (event.type === 'queue.updated')
      for (const { text } of this.#fold.queue?.items ?? []) this.prompts.settle(text)
    this.#changed()
  }

  takeSession(session: Session): void {
    this.#session = { ...session, logs: [] }
    this.#changed()
  }

  truncated(): void {
    this.#isTruncated = true
    this.#changed()
  }

  end(): void {
    this.#fold.end()
    this.#changed()
  }

  /** Everything but the status. */
  get content(): Omit<SessionSnapshot, 'id' | 'status' | 'error'> {
    const { facts, turn, ended, terminals, files, pendingPermissions } = this.#fold
    const session = this.#session
    const queue = this.#fold.queue ?? session?.promptQueue ?? undefined
    const title = session?.title ?? facts.title ?? titleOf(this.#fold.firstPrompt)
    const { modes, models, usage, configOptions, commands } = facts
    return {
      ...(session && { session }),
      ...(title !== undefined && { title }),
      timeline: this.#wholeTimeline(),
      isProcessing: turn !== undefined,
      ...(turn && { turn }),
      ...(queue && { queue }),
      pendingPermissions,
      ...(modes && { modes }),
      ...(models && { models }),
      configOptions,
      commands,
      ...(usage && { usage }),
      terminals,
      files,
      ...(ended && { ended }),
      isTruncated: this.#isTruncated,
    }
  }

  #wholeTimeline(): readonly TimelineItem[] {
    const parts = [this.#fold.timeline, this.prompts.value]
    if (parts.some((part, index) => part !== this.#parts[index]))
      this.#timeline = parts[1]?.length === 0 ? this.#fold.timeline : parts.flat()
    this.#parts = parts
    return this.#timeline
  }
}

/** As the server makes it of the first prompt. */
function titleOf(prompt: string | undefined): string | undefined {
  return prompt !== undefined && prompt.length > maxTitle ? `${prompt.slice(0, maxTitle)}...` : prompt
}
