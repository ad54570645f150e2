// The seam between an agent's connection and the terminals that it asks for (`terminal/*` of ACP).

/** How a command ended. Exactly one of the two is set. */
export type TerminalExitStatus = { exitCode: number | null; signal: string | null }

export type AgentTerminalRequest = {
  command: string
  args: readonly string[]
  /** The whole environment of the command; nothing is to be added to it. */
  env: Readonly<Record<string, string>>
  /** Absolute. */
  cwd: string
  /** How much of the output is kept; the oldest goes first, on a character's boundary. Default and maximum: the implementer's. */
  outputByteLimit?: number
}

/**
 * The terminals of one agent. Implementers emit `terminal.started`, `terminal.data` and `terminal.exit` of the session.
 * Unknown ids are refused with a `HostError` of status 404.
 */
export interface AgentTerminals {
  /** Starts a command and resolves with the id of its terminal. Refuses (429) when too many are open. */
  create(request: AgentTerminalRequest): Promise<string>
  /** What is kept of the output; `exitStatus` once the command has ended. */
  output(terminalId: string): { output: string; truncated: boolean; exitStatus?: TerminalExitStatus }
  /** Resolves when the command ends. Rejects with the signal's reason when nobody waits any more. */
  waitForExit(terminalId: string, signal: AbortSignal): Promise<TerminalExitStatus>
  /** Ends the command and all it started; the output stays readable. */
  kill(terminalId: string): void
  /** Kills and forgets. */
  release(terminalId: string): void
  /** Kills all; resolves when their processes are gone. */
  close(): Promise<void>
}

/** Opens the terminals of a session's agent: one call per start of an agent. */
export type OpenAgentTerminals = (session: { sessionId: string; cwd: string }) => AgentTerminals
