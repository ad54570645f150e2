// Types of the contract's `/session` (section 14.5).

import type { FileSystemEntry } from './session-host/index.js'

/** The process that speaks ACP on its stdio. */
export type AgentSpawn = { command: string; args: string[] }

export type AgentTemplateRuntime = {
  /** Name of a runtime type. */
  provider: string
  image?: string
  dockerfile?: string
  /** Shell script that runs in the workspace before the agent. */
  setup?: string
  env?: Record<string, string>
}

/** A named, reusable agent. */
export type AgentTemplate = {
  id: string
  name: string
  spawn: AgentSpawn
  runtime: AgentTemplateRuntime
  /** Wins over `runtime.env`. */
  env?: Record<string, string>
}

export type SessionLog = { timestamp: string; type: string; data: Record<string, unknown> }

export type PendingPermissionOption = { optionId: string; name: string; kind: string }

/** A question of an agent that somebody has to answer. */
export type PendingPermission = {
  requestId: string
  toolCallId: string
  title: string
  kind?: string
  options: PendingPermissionOption[]
}

/** One directory, shallow (section 8.2). */
export type FileSystemSnapshot = {
  /** The workspace, absolute. */
  root: string
  /** The directory that is listed, absolute. */
  path?: string
  /** The nearest directory upwards that holds a `.git`. */
  gitPath?: string
  entries: FileSystemEntry[]
  truncated: boolean
  maxEntries: number
}

/** The first 100,000 characters of a file (section 8.1). */
export type FilePreview = { path: string; content: string; truncated: boolean; maxChars: number }

export type QueuedPromptResponse = { queued: true; queueId: string; position: number }

export type PromptQueueItem = { queueId: string; text: string; enqueuedAt: string; position: number }

/** Prompts that wait for the running turn; the running one is not among `items`. */
export type PromptQueueState = {
  processing: boolean
  paused: boolean
  items: PromptQueueItem[]
  /** `items.length`. */
  size: number
}

export type Session = {
  id: string
  agentName: string
  spawn: AgentSpawn
  startedAt: string
  lastUpdatedAt: string
  status: 'active' | 'killed'
  /** Empty unless one single session was asked for. */
  logs: SessionLog[]
  /** The oldest that is open. */
  pendingPermission: PendingPermission | null
  fileSystem: FileSystemSnapshot | null
  promptQueue: PromptQueueState | null
  websocketUrl?: string
  /** Name of its runtime instance. */
  runtime?: string
  cwd?: string
  /** From the first prompt. */
  title?: string
}

export type WebhookEventType = 'permission_request' | 'end_turn' | 'error' | 'session_end'

export type WebhookConfig = {
  id: string
  url: string
  secret: string
  /** Default: all four. */
  events?: WebhookEventType[]
}

export type WebhookPayload = {
  sessionId: string
  /** The same for all receivers and attempts. */
  eventId: string
  timestamp: string
  event: { type: WebhookEventType; data: Record<string, unknown> }
}

/** Exactly one of `agentTemplateId` and `spawn`. */
export type CreateSessionBody = {
  /** A UUID. */
  sessionId?: string
  cwd?: string
  agentTemplateId?: string
  spawn?: AgentSpawn
  name?: string
  runtimeInstance?: string
  webhooks?: Omit<WebhookConfig, 'id'>[]
}

export type RegisterAgentTemplateBody = {
  name: string
  spawn: AgentSpawn
  runtime?: Partial<AgentTemplateRuntime>
  env?: Record<string, string>
}

export type PromptBody = { text: string }

export type PermissionResponseBody = { optionId: string } | { outcome: 'cancelled' }
