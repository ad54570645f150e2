import type { PendingPermission } from '../../protocol/index.js'

/** A prompt that waits, or runs: then `queueId` is the id of its turn. */
export type PromptItem = { queueId: string; text: string; enqueuedAt: string }

/** What is known of a session on disk: enough to find its processes and to go on with it. */
export type SessionRecord = {
  v: 1
  sessionId: string
  /** Absent until the agent has opened its session. */
  acpSessionId?: string
  /** True when its agent offers `session/load` or `session/resume`. */
  canResume?: boolean
  command: string
  args: string[]
  cwd: string
  /** What the agent was given beside the harmless part of the host's environment. */
  env: Record<string, string>
  startedAt: string
  /** The mark of the running process and of all it started. */
  mark: string
  pid?: number
  /** Tells the process from another that has its number. */
  startTime?: string
  autoApprove: boolean
  /** The prompt that runs. */
  turn?: PromptItem
  queue: PromptItem[]
  paused: boolean
  /** Questions that people were shown and that nobody has answered. */
  permissions: PendingPermission[]
  /** When its agent was started again, milliseconds since 1970; the last few. */
  resumes: number[]
}
