import type { HandshakeSession, PushedFrame } from '../session.js'

/** How a hook or a rule answered one action. */
export type Gate = 'pass' | 'veto' | { error: string }

/** What a mode handler has beside the session while it works on a batch. */
export type BatchIo = {
  /** Push each applied action. */
  readonly stream: boolean
  /** Pause after each pushed action, already shortened so that the batch ends in time. */
  readonly intervalMs: number
  /** Runs the action hooks with the live request. */
  gate(action: Record<string, unknown>): Promise<Gate>
  /** Stores what the session wrote, then sends a frame to every socket; answers how many that were. */
  push(frame: PushedFrame): Promise<number>
  /** Stores what the session wrote, then waits. */
  sleep(ms: number): Promise<void>
}

/** What became of a batch. `extra` is merged into the answer; `extra.missing` also goes into the `done` frame. */
export type BatchResult = {
  applied: string[]
  rejected: string[]
  errors: unknown[]
  extra?: Record<string, unknown>
}

type Later<T> = T | Promise<T>

/** How one mode behaves (contract 7). Five methods, all of which may be async but `contextResponse`. */
export type ModeHandler = {
  /** Takes schema and values out of the create body; throws to refuse. */
  setupSession(session: HandshakeSession, body: Record<string, unknown>): Later<void>
  /** The whole body of `GET context`. */
  contextResponse(session: HandshakeSession): Record<string, unknown>
  processActions(session: HandshakeSession, actions: readonly unknown[], io: BatchIo): Promise<BatchResult>
  /** A user edit, from either channel. */
  processNotify(session: HandshakeSession, key: string, value: unknown): Later<void>
  /** Each parsed frame of a socket that may write. */
  processWsMessage(session: HandshakeSession, message: Record<string, unknown>): Later<void>
}

/** Handlers by mode. */
export type ModeHandlers = Readonly<Record<string, ModeHandler>>
