// Types of the contract's `/session-host` (section 14.3).

export type FileSystemEntryGitInfo = { branch: string; origin?: string }

export type FileSystemEntry = {
  path: string
  type: 'file' | 'directory' | 'symlink' | 'other'
  git?: FileSystemEntryGitInfo
}

export type PermissionRequestEvent = {
  requestId: string
  toolCallId: string
  title: string
  kind?: string
  options: { optionId: string; name: string; kind: string }[]
}

export type FilesystemSnapshotEvent = { snapshot: { root: string; entries: FileSystemEntry[] } }

export type FilePreviewEvent = { path: string; content: string }

export type PermissionRespondAction = {
  action: 'permission.respond'
  requestId: string
  response: { optionId: string }
}

export type FsSnapshotAction = { action: 'fs.snapshot'; path?: string }

export type FilePreviewAction = { action: 'file.preview'; path: string }

/** What a host tells the control plane (section 4.4). */
export type SessionCallbackEvent =
  | { type: 'permission_request'; data: PermissionRequestEvent }
  | { type: 'session_end'; data: { exitCode: number | null } }
  | { type: 'end_turn'; data: { promptResponse: unknown } }
  | { type: 'agent_message'; data: { sessionUpdate: unknown } }
  | { type: 'error'; data: { message: string } }

export type PermissionCallbackResponse = { optionId: string } | { outcome: 'cancelled' } | { deferred: true }

export type SessionHostStartRequest = {
  sessionId?: string
  command: string
  args: string[]
  /** Absolute directory. */
  workspace: string
  setup?: string
  env?: Record<string, string>
  callbackUrl?: string
}

export type SessionHostStartResponse = {
  acpSessionId: string
  hostUrl: string
  websocketUrl: string
  sessionId?: string
}

export type SessionHostHealthResponse = { status: 'idle' | 'running'; sessionId?: string }
