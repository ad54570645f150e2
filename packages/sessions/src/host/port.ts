// The seams between the rooms of a host. Nothing in here does anything.

import type { HostRequest, HostResponse, LinkedSession, TerminalSignal } from '../protocol/index.js'

/** Where everything that happens on a host goes: the spool, and from there the link. */
export interface HostEvents {
  /**
   * Numbers an event and writes it down; keeps the order of calls. `timestamp` is set here when it is missing. Never throws:
   * a spool that can't be written ends the host.
   */
  emit(event: HostEvent): void
  /** Ephemeral: sent when a link is up and takes it, else dropped. */
  signal(signal: { sessionId?: string; channel: string; data: unknown }): void
  /** Undefined while there is room; else resolves when there is. Whoever reads an agent's output waits for it first. */
  room(): Promise<void> | undefined
  /** Resolves when everything emitted so far is on disk. */
  synced(): Promise<void>
}

export type HostEvent = {
  sessionId?: string
  type: string
  data: Record<string, unknown>
  /** ISO with milliseconds. */
  timestamp?: string
}

/** Answers a request of the host contract. Refusals are answers; what it throws is a 500 with the error's message. */
export type HostHandler = (request: HostCall) => Promise<HostResponse> | HostResponse

/** A request whose path has been matched. */
export type HostCall = HostRequest & { params: Readonly<Record<string, string>> }

/** One row of a room's routes: `['GET', '/sessions/:id/files', handler]`. */
export type HostRoute = readonly [method: string, pattern: string, handler: HostHandler]

/** What the rooms of files, git and terminals know of a session. */
export type Workspaces = {
  /** The absolute directory of a live session, or undefined. */
  workspaceOf(sessionId: string): string | undefined
  /** Directories that instance-level requests may look into, absolute; the first is the default. */
  readonly roots: readonly string[]
}

/** Terminals that clients open; they live as long as the host. */
export interface RuntimeTerminals {
  routes: readonly HostRoute[]
  /** What is kept of all terminals with a greater number, in order. */
  kept(since: number): TerminalSignal[]
  close(): Promise<void>
}

/** Sessions of a host, for the hello. */
export interface HostSessions {
  routes: readonly HostRoute[]
  list(): LinkedSession[]
  workspaceOf(sessionId: string): string | undefined
  /** Ends every agent; resolves when their process groups are gone. */
  close(): Promise<void>
}
