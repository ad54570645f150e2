// Types that the contract has only on its root (section 14.9).

export type RuntimeHostStartSessionRequest = {
  sessionId: string
  command: string
  args: string[]
  workspace: string
  setup?: string
  env?: Record<string, string>
  callbackUrl?: string
}

export type RuntimeHostStartSessionResponse = { acpSessionId: string; sessionId: string }

export type RuntimeHostSessionStatus = { sessionId: string; status: 'idle' | 'running' }

export type RuntimeHostHealthResponse = { status: 'ok'; sessions: RuntimeHostSessionStatus[] }

export type RuntimeHostPromptRequest = { text: string }

export type RuntimeHostPermissionResponse = { optionId?: string; outcome?: 'cancelled' }
