// Frames of the link between a host and the server (section 13.3). Text, one JSON object each; unknown members are ignored.

import type { WireEvent } from '../ws/index.js'

/** A session that lives on a host. */
export type LinkedSession = {
  sessionId: string
  acpSessionId: string
  status: 'idle' | 'running'
  cwd: string
  pid?: number
  startedAt: string
}

/** A position in the events of one spool. */
export type SpoolPosition = { epoch: string; n: number }

export type HelloFrame = {
  type: 'hello'
  v: 1
  hostId: string
  name: string
  epoch: string
  /** The last number written to the spool; 0 for an empty one. */
  n: number
  /** The oldest that is kept; `n + 1` when none is. */
  oldest: number
  sessions: LinkedSession[]
  features: string[]
  limits: { frameBytes: number }
}

export type WelcomeFrame = {
  type: 'welcome'
  v: 1
  linkId: string
  acked: SpoolPosition
  heartbeatSeconds: number
  limits: { frameBytes: number; unackedEvents: number; unackedBytes: number }
  /** ISO. */
  time: string
}

/** A call of the host contract as data. */
export type RequestFrame = HostRequest & { type: 'req'; id: string; timeoutMs?: number }
/** `n`: the last event that was written down before the answer, where the request may have caused some. */
export type ResponseFrame = HostResponse & { type: 'res'; id: string; n?: number }
/** Whoever asked does not wait any more. */
export type CancelFrame = { type: 'cancel'; id: string }

export type EventFrame = SpoolPosition & {
  type: 'event'
  /** ISO. */
  at: string
  sessionId?: string
  event: WireEvent
}
export type CaughtUpFrame = SpoolPosition & { type: 'caughtUp' }
export type AckFrame = SpoolPosition & { type: 'ack' }
/** Ephemeral. `data` of `terminals:TID`: a `TerminalSignal`; of a session's channels: a `WireEvent`. */
export type SignalFrame = { type: 'signal'; sessionId?: string; channel: string; data: unknown }
export type PauseFrame = { type: 'pause' }
export type ResumeFrame = { type: 'resume' }
export type ResetFrame = { type: 'reset'; reason: 'spool behind' | 'unknown epoch' }
export type ByeFrame = { type: 'bye'; reason: string }

export type FromHost =
  | HelloFrame
  | RequestFrame
  | ResponseFrame
  | CancelFrame
  | EventFrame
  | CaughtUpFrame
  | SignalFrame
  | PauseFrame
  | ResumeFrame
  | ByeFrame
export type FromServer =
  | WelcomeFrame
  | RequestFrame
  | ResponseFrame
  | CancelFrame
  | AckFrame
  | PauseFrame
  | ResumeFrame
  | ResetFrame
  | ByeFrame

/** A request of the host contract (section 4). */
export type HostRequest = {
  method: string
  /** Decoded segments are the host's business; begins with `/`, without query. */
  path: string
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  body?: unknown
  /** Makes a repetition harmless: the host answers what it answered before. */
  key?: string
}

export type HostResponse = { status: number; headers?: Readonly<Record<string, string>>; body?: unknown }

/**
 * What a terminal of a runtime did, with the number that clients see. Numbers grow over all terminals of a host, also across
 * its restarts, and have gaps only where a terminal's scrollback was cut.
 */
export type TerminalSignal = { seq: number; event: WireEvent }
