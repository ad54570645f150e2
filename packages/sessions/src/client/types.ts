// What the client offers over HTTP; `createSessionsClient` makes it. Nothing here needs Node.
import type * as z from 'zod'
import type {
  AcceptedPromptSchema,
  AgentTemplate,
  AgentTemplateRuntime,
  AskedPermission,
  CreateSessionBody,
  EnqueueMessageBody,
  FilePreview,
  FileSearchKind,
  FileSearchResponse,
  FileSystemSnapshot,
  GitBranchesResponse,
  GitCommitsResponse,
  GitDiffResponse,
  GitStatusResponse,
  GitWorktreeCreateBody,
  GitWorktreeCreateResponse,
  GitWorktreesResponse,
  PermissionResponseBody,
  PromptQueueState,
  PromptResult,
  QueuedMessage,
  QueuedPromptResponse,
  RegisterAgentTemplateBody,
  RuntimeInfoSchema,
  RuntimeInstanceSchema,
  Session,
  SessionCommand,
  SessionSettings,
  SessionStatus,
  SessionsSettings,
  WebhookDelivery,
  WebhookDeliveryState,
} from '../protocol/index.js'

export type { EnqueueMessageBody }

/** A prompt was taken and is not waited for. */
export type AcceptedPrompt = z.infer<typeof AcceptedPromptSchema>

/** An instance as it is listed; `link` says of a host that dials in whether it is there. */
export type ListedRuntimeInstance = z.infer<typeof RuntimeInstanceSchema>
export type ListedRuntime = z.infer<typeof RuntimeInfoSchema>

export type UpdateAgentTemplateBody = {
  name?: string
  spawn?: AgentTemplate['spawn']
  /** Merged into what is there. */
  runtime?: Partial<AgentTemplateRuntime>
  /** Replaces what is there. */
  env?: Record<string, string>
}

export type FetchSessionOptions = {
  includeFileSystem?: boolean
  showAllFiles?: boolean
  /** False: without the log, where the server knows how. Default true. */
  logs?: boolean
}

export type WebhookDeliveriesOptions = {
  state?: WebhookDeliveryState
  /** Only those with a smaller `position`. */
  before?: number
  /** 1 to 500; default 50. */
  limit?: number
}

export type FileSystemOptions = { path?: string; showAllFiles?: boolean }
export type SearchOptions = { kind?: FileSearchKind; path?: string }
export type GitOptions = { path?: string }
/** `staged`: against the last commit what is staged, else what is not. `file`: relative to the top of the working tree. */
export type GitDiffOptions = GitOptions & { staged?: boolean; file?: string }
export type GitCommitsOptions = GitOptions & { branch?: string; limit?: number }

export type SettingsCalls = {
  fetchSettings(): Promise<SessionsSettings>
  updateSettings(patch: Partial<SessionsSettings>): Promise<SessionsSettings>
}

export type TemplateCalls = {
  fetchAgentTemplates(): Promise<AgentTemplate[]>
  registerAgentTemplate(body: RegisterAgentTemplateBody): Promise<AgentTemplate>
  updateAgentTemplate(id: string, body: UpdateAgentTemplateBody): Promise<AgentTemplate>
  /** Of a user; managed ones stay. */
  deleteAgentTemplate(id: string): Promise<void>
}

export type SessionCalls = {
  /** Newest first, ended ones too, without logs. */
  fetchSessions(): Promise<Session[]>
  fetchSession(id: string, options?: FetchSessionOptions): Promise<Session>
  /** Resolves when the agent is ready. */
  createSession(body: CreateSessionBody): Promise<Session>
  terminateSession(id: string): Promise<void>
  /** Resolves when the turn is over, or at once when the prompt was queued. */
  promptSession(id: string, text: string): Promise<PromptResult | QueuedPromptResponse>
  /** Resolves when the prompt was taken; old servers answer when the turn is over. */
  sendPrompt(id: string, text: string): Promise<AcceptedPrompt | QueuedPromptResponse | PromptResult>
  /** Ends the running turn. Fails with `conflict` when none runs. */
  cancelTurn(id: string): Promise<void>
  fetchSessionStatus(id: string): Promise<SessionStatus>
  /** What the agent offers as slash commands. */
  fetchCommands(id: string): Promise<SessionCommand[]>
  /** Fails with `not_found` when somebody else was first. */
  resolvePermission(sessionId: string, requestId: string, body: PermissionResponseBody): Promise<void>
  /** Everything the agent asked, with who answered. */
  fetchPermissions(id: string): Promise<AskedPermission[]>
  fetchSessionSettings(id: string): Promise<SessionSettings>
  updateSessionSettings(id: string, patch: Partial<SessionSettings>): Promise<SessionSettings>
  setMode(id: string, modeId: string): Promise<void>
  setModel(id: string, modelId: string): Promise<void>
  setConfigOption(id: string, configId: string, value: string | boolean): Promise<void>
  /** Deliveries of the session's webhooks, newest first. */
  fetchWebhookDeliveries(id: string, options?: WebhookDeliveriesOptions): Promise<WebhookDelivery[]>
  /** Sends one that waits or was given up now. */
  retryWebhookDelivery(id: string, deliveryId: string): Promise<void>
}

export type QueueCalls = {
  fetchQueue(id: string): Promise<PromptQueueState>
  cancelQueueItem(id: string, queueId: string): Promise<void>
  /** Resolves with how many were removed. */
  clearQueue(id: string): Promise<number>
  /** All waiting ids in their new order. */
  reorderQueue(id: string, order: readonly string[]): Promise<void>
  pauseQueue(id: string): Promise<void>
  resumeQueue(id: string): Promise<void>
}

export type MessageCalls = {
  listMessageQueue(): Promise<QueuedMessage[]>
  enqueueMessage(message: EnqueueMessageBody): Promise<QueuedMessage>
  /** Sends it now, also when it was sent before. */
  sendQueuedMessage(id: number): Promise<PromptResult | QueuedPromptResponse>
  removeQueuedMessage(id: number): Promise<void>
  clearMessageQueue(): Promise<void>
}

export type RuntimeCalls = {
  fetchRuntimes(): Promise<ListedRuntime[]>
  /** Starts or resumes an instance; the name defaults to the type's. */
  startRuntime(typeName: string, name?: string): Promise<ListedRuntimeInstance>
  stopRuntime(instanceName: string): Promise<void>
  pauseRuntime(instanceName: string): Promise<void>
  deleteRuntime(instanceName: string): Promise<void>
}

/** Paths are relative to the session's directory, or absolute. */
export type SessionFileCalls = {
  fetchSessionFilePreview(id: string, path: string): Promise<FilePreview>
  fetchSessionFileSystem(id: string, options?: FileSystemOptions): Promise<FileSystemSnapshot>
  searchSessionFiles(id: string, q: string, options?: SearchOptions): Promise<FileSearchResponse>
  fetchSessionGitBranches(id: string, options?: GitOptions): Promise<GitBranchesResponse>
  fetchSessionGitCommits(id: string, options?: GitCommitsOptions): Promise<GitCommitsResponse>
  fetchSessionGitStatus(id: string, options?: GitOptions): Promise<GitStatusResponse>
  fetchSessionGitDiff(id: string, options?: GitDiffOptions): Promise<GitDiffResponse>
  fetchSessionGitWorktrees(id: string, options?: GitOptions): Promise<GitWorktreesResponse>
}

/** The same for an instance, and its worktrees. */
export type RuntimeFileCalls = {
  fetchRuntimeFilePreview(instance: string, path: string): Promise<FilePreview>
  fetchRuntimeFileSystem(instance: string, options?: FileSystemOptions): Promise<FileSystemSnapshot>
  searchRuntimeFiles(instance: string, q: string, options?: SearchOptions): Promise<FileSearchResponse>
  fetchRuntimeCommands(instance: string, options?: GitOptions): Promise<SessionCommand[]>
  fetchRuntimeGitBranches(instance: string, options?: GitOptions): Promise<GitBranchesResponse>
  fetchRuntimeGitCommits(instance: string, options?: GitCommitsOptions): Promise<GitCommitsResponse>
  fetchRuntimeGitStatus(instance: string, options?: GitOptions): Promise<GitStatusResponse>
  fetchRuntimeGitDiff(instance: string, options?: GitDiffOptions): Promise<GitDiffResponse>
  fetchRuntimeGitWorktrees(instance: string, options?: GitOptions): Promise<GitWorktreesResponse>
  createRuntimeGitWorktree(instance: string, body: GitWorktreeCreateBody): Promise<GitWorktreeCreateResponse>
}

/** Everything over HTTP. All of it rejects with a `SessionsClientError`. */
export type SessionsRest = SettingsCalls &
  TemplateCalls &
  SessionCalls &
  QueueCalls &
  MessageCalls &
  RuntimeCalls &
  SessionFileCalls &
  RuntimeFileCalls & {
    /** Any route below the base, for what has no method here. Resolves with the JSON of the answer. */
    request(method: string, path: string, body?: unknown): Promise<unknown>
  }
