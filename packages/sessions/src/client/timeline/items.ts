// A session as people read it. Items are never changed: what changed is another object under the same `key`.
import type { PendingPermissionOption } from '../../protocol/index.js'

/** `key` stays the same while an item grows. `at`: ISO, when it began. */
type Keyed = { readonly key: string; readonly at: string }

/** A part of a message that is no text, as ACP has it: an image, a sound, a file, a link. */
export type ContentBlock = { readonly type: string } & Readonly<Record<string, unknown>>

/** What a person asked. */
export type PromptItem = Keyed & {
  readonly kind: 'prompt'
  readonly text: string
  readonly blocks: readonly ContentBlock[]
  readonly turnId?: string
}

/** What the agent said; it grows while the agent writes. */
export type MessageItem = Keyed & {
  readonly kind: 'message'
  readonly text: string
  readonly blocks: readonly ContentBlock[]
}

/** What the agent thought. */
export type ThoughtItem = Keyed & { readonly kind: 'thought'; readonly text: string }

/** A piece of what a tool shows. A terminal's output is in the session's `terminals`. */
export type ToolContent =
  | { readonly type: 'content'; readonly block: ContentBlock }
  | {
      readonly type: 'diff'
      readonly path: string
      /** Null for a new file. */
      readonly oldText: string | null
      readonly newText: string
    }
  | { readonly type: 'terminal'; readonly terminalId: string }

export type ToolItem = Keyed & {
  readonly kind: 'tool'
  readonly toolCallId: string
  readonly title: string
  /** `read`, `edit`, `execute` …; `other` where the agent does not say. */
  readonly toolKind: string
  /** `cancelled`: the turn, or the session, ended before the agent said more. */
  readonly status: 'pending' | 'in_progress' | 'completed' | 'failed' | 'cancelled'
  readonly content: readonly ToolContent[]
  readonly locations: readonly { readonly path: string; readonly line?: number }[]
  readonly rawInput?: unknown
  readonly rawOutput?: unknown
}

export type PlanEntry = { readonly content: string; readonly priority: string; readonly status: string }

/** The plan of a turn in its newest form. */
export type PlanItem = Keyed & { readonly kind: 'plan'; readonly entries: readonly PlanEntry[] }

/** A question of the agent. `rejected`: an option that refuses was chosen. */
export type PermissionItem = Keyed & {
  readonly kind: 'permission'
  readonly requestId: string
  readonly toolCallId: string
  readonly title: string
  readonly toolKind?: string
  readonly options: readonly PendingPermissionOption[]
  readonly state: 'open' | 'approved' | 'rejected' | 'cancelled'
  readonly optionId?: string
}

/** The end of a turn. */
export type TurnItem = Keyed & {
  readonly kind: 'turn'
  readonly turnId?: string
  readonly startedAt: string
  /** As the agent says; `error` when it failed. */
  readonly stopReason: string
  readonly error?: string
}

export type ErrorItem = Keyed & { readonly kind: 'error'; readonly message: string }

/** Everything else that is worth a line: the session's end, a resumption, notices, what is unknown. */
export type NoticeItem = Keyed & {
  readonly kind: 'notice'
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

/** A prompt on its way, or one that was refused; it goes when the agent has it. */
export type PendingItem = Keyed & {
  readonly kind: 'pending'
  readonly text: string
  readonly state: 'sending' | 'failed'
  readonly error?: Error
}

export type TimelineItem =
  | PromptItem
  | MessageItem
  | ThoughtItem
  | ToolItem
  | PlanItem
  | PermissionItem
  | TurnItem
  | ErrorItem
  | NoticeItem
  | PendingItem
