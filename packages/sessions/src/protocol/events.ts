// Types of events in the stream of a session (section 6), as far as code names them.

/** Every ACP message, both ways. */
export type RpcData = {
  method: string
  direction: 'client_to_agent' | 'agent_to_client'
  phase: 'request' | 'response' | 'notification'
  /** The params, the result, or `{ error: { code, message, data? } }`. */
  payload?: unknown
  /** Of `session/prompt`: which turn it is about. Ours, beside the contract. */
  turnId?: string
}

/** Beside the contract's data: why, as `SessionEnd`. `exitCode` is -1 when it was killed. */
export type SessionTerminatedData = { exitCode: number; reason?: string; message?: string }

/** Ours: the agent runs again after its host or itself had ended, with the ACP session it had. */
export type SessionResumedData = { how: 'load' | 'resume'; acpSessionId: string }

export const sessionEvents = {
  rpc: 'rpc',
  permissionRequest: 'permission_request',
  permissionApproved: 'permission_approved',
  permissionRejected: 'permission_rejected',
  permissionResponded: 'permission_responded',
  permissionCancelled: 'permission_cancelled',
  queueUpdated: 'queue.updated',
  queuePaused: 'queue.paused',
  queueResumed: 'queue.resumed',
  filesystemChanged: 'filesystem.changed',
  filesystemSnapshot: 'filesystem.snapshot',
  filePreview: 'file.preview',
  terminalStarted: 'terminal.started',
  terminalData: 'terminal.data',
  terminalExit: 'terminal.exit',
  terminated: 'session.terminated',
  resumed: 'session.resumed',
  error: 'error',
} as const
