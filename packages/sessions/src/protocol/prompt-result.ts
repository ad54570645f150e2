/** How a turn ended, as the agent says. */
export type PromptResult = { stopReason: string } & Record<string, unknown>

export type SessionStatus = { processing: boolean; pendingPermission: boolean }

export type SessionCommand = { name: string; description: string }
