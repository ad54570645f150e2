import type {
  AnalyticsEvent,
  ContentPart,
  Identity,
  Run,
  Thread,
  ThreadEvent,
  ThreadMember,
} from '../../protocol/index.js'

/** A web `ReadableStream<string>`, for runtimes where it can't be iterated. */
export type ReadableText = {
  getReader(): {
    read(): Promise<{ done: boolean; value?: string | undefined }>
    cancel(reason?: unknown): Promise<void>
  }
}

/** Text that is still being written, such as the text stream of a model's SDK. */
export type TextStream = AsyncIterable<string> | ReadableText

/** What a handler yields: made by its own `send`, stored and pushed in the order of the yields. */
export type Emission = {
  readonly type: 'message' | 'reasoning' | 'tool.call' | 'tool.result'
  readonly content?: readonly ContentPart[] | string
  /** Becomes the content: the room reads along while it is written. */
  readonly stream?: TextStream
  readonly tool?: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
  /** Ids of members; absent and empty mean all. */
  readonly recipients?: readonly string[]
  /** Seconds until what it asks expires; absent: never. */
  readonly deadlineSeconds?: number
}

/** A form that somebody in the thread fills in. */
export type FormToAsk = {
  /** A JSON Schema of a flat object; see `FormSchema` of the kernel for what is checked. */
  schema: Record<string, unknown>
  title?: string
  description?: string
  /** Made up when absent. */
  formId?: string
  /** Seconds from now until nobody can answer any more. Default: no limit. */
  deadlineSeconds?: number
}

/** What became of a form. `values` fit its schema; null unless it was submitted. */
export type FormAnswer =
  | { readonly status: 'submitted'; readonly values: Record<string, unknown>; readonly by: Identity }
  | { readonly status: 'cancelled'; readonly values: null; readonly by: Identity }
  | { readonly status: 'expired' | 'withdrawn'; readonly values: null; readonly by: null }

/** What became of a call that needed approval. `by` is null when nobody decided. */
export type ToolVerdict = {
  readonly approved: boolean
  readonly status: 'approved' | 'rejected' | 'expired' | 'withdrawn'
  readonly by: Identity | null
  readonly reason: string | null
}

/** What a message may say beside its content. */
export type MessageOptions = {
  /**
   * Ids of the members it is for, without the author; default all. Assistants among them are started, up to a chain of
   * eight. The run fails when one is no member.
   */
  recipients?: readonly string[]
}

/** A call of a tool; `tool.id` is known before it is stored. */
export type ToolCallEmission = Emission & { readonly tool: { id: string; name: string; arguments: unknown } }

/**
 * Makes what a handler yields; pure (contract 5.4). Throws `threads.invalid_request` or `threads.payload_too_large` for
 * what people could not send either.
 */
export type HandlerSend = {
  /**
   * A stream of text is pushed as it comes and stored as one text part once it is over: at most 256 KiB, else the run
   * fails. When the run ends first, the stream is closed and nothing of it is stored.
   */
  message(
    content: readonly ContentPart[] | TextStream,
    metadata?: Record<string, unknown>,
    options?: MessageOptions,
  ): Emission
  /** A stream of text: as with `message`. */
  reasoning(text: string | TextStream, metadata?: Record<string, unknown>): Emission
  /** A message that asks; `ctx.answer` waits. */
  form(form: FormToAsk, metadata?: Record<string, unknown>): Emission
  /**
   * `id` is made up when absent. With `approval: "required"` in `metadata` somebody has to agree: `ctx.approval` waits,
   * and the id may be used once in a run. `deadlineSeconds` from now on nobody can any more; default: no limit.
   */
  toolCall(call: {
    name: string
    arguments: unknown
    id?: string
    metadata?: Record<string, unknown>
    deadlineSeconds?: number
  }): ToolCallEmission
  toolResult(result: {
    toolId: string
    result?: unknown
    error?: Record<string, unknown>
    metadata?: Record<string, unknown>
  }): Emission
}

/** Counts for the application, beside the log (contract 8). */
export type AssistantAnalytics = { track(name: string, properties?: Record<string, unknown>): void }

/** What a handler knows of its run (contract 5.4). */
export type HandlerContext = {
  readonly thread: Thread
  readonly run: Run
  readonly assistant: Identity
  /** The whole history, oldest first; with `limit` the latest. */
  events(options?: { limit?: number; types?: readonly string[] }): Promise<ThreadEvent[]>
  members(): Promise<ThreadMember[]>
  /** Starts another assistant of this thread. Rejects when it is not registered, no member, or the chain is too deep. */
  invoke(assistantId: string): Promise<Run>
  /**
   * Waits until the form that an event asked is answered; `asked` is the value of its `yield`. With several forms in one
   * message, `formId` says which. Rejects with the signal's reason when the run ends, and for an event that asks none. The
   * run's time limit stands still meanwhile.
   */
  answer(asked: { readonly id: string }, formId?: string): Promise<FormAnswer>
  /** Waits until somebody has approved or rejected a call that was yielded; rejects, and stands still, as `answer` does. */
  approval(call: { readonly tool: { readonly id: string } }): Promise<ToolVerdict>
  readonly analytics: AssistantAnalytics
  /** Aborts when the run is cancelled, timed out, or its node lost it. */
  readonly signal: AbortSignal
}

/**
 * An assistant: yields what it emits; the next step begins once the event is durable, and the value of the `yield` is
 * that event.
 */
export type AssistantHandler = (
  ctx: HandlerContext,
  send: HandlerSend,
) => AsyncIterable<Emission, unknown, ThreadEvent>

/** Gets what a run has tracked: when it ends, and at each hundred entries before. */
export type OnAnalytics = (batch: AnalyticsEvent[]) => Promise<void> | void
