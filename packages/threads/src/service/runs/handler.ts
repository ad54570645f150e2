import type {
  AnalyticsEvent,
  ContentPart,
  Identity,
  Run,
  Thread,
  ThreadEvent,
  ThreadMember,
} from '../../protocol/index.js'

/** What a handler yields: made by its own `send`, stored and pushed in the order of the yields. */
export type Emission = {
  readonly type: 'message' | 'reasoning' | 'tool.call' | 'tool.result'
  readonly content?: readonly ContentPart[] | string
  readonly tool?: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}

/** A call of a tool; `tool.id` is known before it is stored. */
export type ToolCallEmission = Emission & { readonly tool: { id: string; name: string; arguments: unknown } }

/** Makes what a handler yields; pure (contract 5.4). */
export type HandlerSend = {
  message(content: readonly ContentPart[], metadata?: Record<string, unknown>): Emission
  reasoning(text: string, metadata?: Record<string, unknown>): Emission
  /** `id` is made up when absent. */
  toolCall(call: {
    name: string
    arguments: unknown
    id?: string
    metadata?: Record<string, unknown>
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
  readonly analytics: AssistantAnalytics
  /** Aborts when the run is cancelled, timed out, or its node lost it. */
  readonly signal: AbortSignal
}

/** An assistant: yields what it emits; the next step begins once the event is durable. */
export type AssistantHandler = (ctx: HandlerContext, send: HandlerSend) => AsyncIterable<Emission>

/** Gets what a run has tracked: when it ends, and at each hundred entries before. */
export type OnAnalytics = (batch: AnalyticsEvent[]) => Promise<void> | void
