// A session that keeps itself up to date, as its followers see it.
import type {
  PendingPermission,
  PermissionResponseBody,
  PromptQueueState,
  PromptResult,
  QueuedPromptResponse,
  Session,
  SessionCommand,
  SessionLog,
} from '../../protocol/index.js'
import type { SessionsClientError } from '../sessions-client-error.js'
import type { Choices, ConfigOption, Usage } from '../timeline/facts.js'
import type { ChangedFiles, EndedSession, RunningTurn } from '../timeline/fold.js'
import type { TimelineItem } from '../timeline/items.js'
import type { TerminalSessions } from '../timeline/terminals.js'
import type { AcceptedPrompt } from '../types.js'

/** `ended`: its log is there, nothing more comes. `gone`: there is no such session. `refused`: `error` says why. */
export type LiveSessionStatus = 'loading' | 'live' | 'reconnecting' | 'ended' | 'gone' | 'refused'

/** Never changed: what changed is another object. Lists are the same until they change. */
export type SessionSnapshot = {
  readonly id: string
  readonly status: LiveSessionStatus
  readonly error?: SessionsClientError
  /** As it was read last, without its log. */
  readonly session?: Session
  /** The agent's title, else the first prompt. */
  readonly title?: string
  /** What happened as people read it; prompts on their way stand at the end. */
  readonly timeline: readonly TimelineItem[]
  readonly isProcessing: boolean
  readonly turn?: RunningTurn
  readonly queue?: PromptQueueState
  /** Open questions, oldest first. */
  readonly pendingPermissions: readonly PendingPermission[]
  /** Absent where the agent has none. */
  readonly modes?: Choices
  readonly models?: Choices
  readonly configOptions: readonly ConfigOption[]
  readonly commands: readonly SessionCommand[]
  readonly usage?: Usage
  /** Terminals of the agent. */
  readonly terminals: TerminalSessions
  readonly files: ChangedFiles
  readonly ended?: EndedSession
  /** The beginning was not kept. */
  readonly isTruncated: boolean
}

/** Actions reject with a `SessionsClientError`; after `close` all of them with `closed`. */
export type LiveSession = {
  readonly id: string
  /** The same object until something changes, so that it fits `useSyncExternalStore`. */
  getState(): SessionSnapshot
  /** Everything as it was sent, oldest first; the same array until something comes. */
  logs(): readonly SessionLog[]
  /** Called after every change. Answers how to stop. */
  subscribe(listener: () => void): () => void
  /** Shows the prompt at once and sends it; resolves when it was taken. One that was refused stays in the timeline. */
  prompt(text: string): Promise<AcceptedPrompt | QueuedPromptResponse | PromptResult>
  /** Sends a prompt that was refused once more, by its key in the timeline. */
  retry(key: string): Promise<AcceptedPrompt | QueuedPromptResponse | PromptResult>
  /** Takes a prompt that was refused out of the timeline. */
  discard(key: string): void
  respond(requestId: string, body: PermissionResponseBody): Promise<void>
  /** Ends the running turn, or takes a waiting prompt out of the queue. */
  cancel(queueId?: string): Promise<void>
  terminate(): Promise<void>
  clearQueue(): Promise<number>
  reorderQueue(order: readonly string[]): Promise<void>
  pauseQueue(): Promise<void>
  resumeQueue(): Promise<void>
  setMode(modeId: string): Promise<void>
  setModel(modelId: string): Promise<void>
  setConfigOption(configId: string, value: string | boolean): Promise<void>
  /** Lets go of it. The session goes on. */
  close(): void
}
