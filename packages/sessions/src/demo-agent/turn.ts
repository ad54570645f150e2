import type { AgentContext, SessionUpdate, StopReason } from '@agentclientprotocol/sdk'

/** One prompt that is being answered. */
export type Turn = {
  sessionId: string
  /** The session's directory, absolute. */
  cwd: string
  /** Everything after the first word, as it was written. */
  rest: string
  /** `rest`, split at blanks. */
  args: readonly string[]
  /** Aborts when the client cancels the turn. */
  signal: AbortSignal
  client: AgentContext
  /** Sends a piece of the answer. */
  say(text: string): Promise<void>
  update(update: SessionUpdate): Promise<void>
  /** Writes to stdout past the protocol; resolves when the pipe has taken it. */
  raw(text: string): Promise<void>
}

/** What the first word of a prompt makes the agent do. */
export type Word = {
  /** Names of its arguments. */
  takes: string
  does: string
  /** Resolves with how the turn ended; default `end_turn`, or `cancelled` after a cancel. */
  run(turn: Turn): Promise<StopReason | undefined>
}

/** The argument as a whole number, or the default. */
export function numberAt(turn: Turn, index: number, whenMissing: number): number {
  const value = Number.parseInt(turn.args[index] ?? '', 10)
  return Number.isNaN(value) ? whenMissing : value
}

/** Resolves when the turn is cancelled, or after `ms`. */
export function untilCancelled(signal: AbortSignal, ms?: number): Promise<void> {
  return new Promise((resolve) => {
    // A timer also without a limit: a pending promise alone does not keep a process alive.
    const timer = setTimeout(resolve, ms ?? 2 ** 31 - 1)
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}
