// Terminals that people open on a runtime (section 3.2.4).
import type { SessionsClientError } from '../sessions-client-error.js'
import type { ConnectionState } from '../socket/line.js'
import type { TerminalSession, TerminalSessions } from '../timeline/terminals.js'

export type CreateTerminal = {
  /** A program, without arguments; default `/bin/sh`. */
  command?: string
  /** In this session's directory; default the host's. */
  sessionId?: string
  /** Default 120 x 30. */
  cols?: number
  rows?: number
}

export type TerminalsSnapshot = {
  /** `connected` once everything that is kept is there. */
  readonly status: ConnectionState
  readonly error?: SessionsClientError
  readonly terminals: TerminalSessions
}

/** All terminals of a runtime. What is typed while there is no connection is not sent later: the answer is false. */
export type LiveTerminals = {
  /** The same object until something changes. */
  getState(): TerminalsSnapshot
  subscribe(listener: () => void): () => void
  /** Resolves with the id of the new terminal. */
  create(options?: CreateTerminal): Promise<string>
  input(terminalId: string, data: string): boolean
  resize(terminalId: string, cols: number, rows: number): boolean
  /** Ends it and forgets it. */
  kill(terminalId: string): boolean
  /** Calls with what is kept of the output, then with what comes. Answers how to stop. */
  onOutput(terminalId: string, listener: (text: string) => void): () => void
  /** Lets go of them. They go on. */
  close(): void
}

/** One of them. */
export type LiveTerminal = {
  readonly id: string
  /** Undefined while it is not known, and after it was killed. */
  getState(): TerminalSession | undefined
  subscribe(listener: () => void): () => void
  onOutput(listener: (text: string) => void): () => void
  input(data: string): boolean
  resize(cols: number, rows: number): boolean
  kill(): boolean
  close(): void
}
