import type { ServerToClientEvents, ThreadEvent } from '../protocol/index.js'
import type { Changed } from '../service/changes.js'
import type { Visitor } from './visitor.js'

/** Pushes to everybody in the room. */
export type PushToRoom = <Name extends keyof ServerToClientEvents>(
  name: Name,
  ...payload: Parameters<ServerToClientEvents[Name]>
) => void

/** Pushes to everybody in the room but one identity. Who can't take it right now is left out: it will be told again. */
export type PushToOthers = <Name extends keyof ServerToClientEvents>(
  identityId: string,
  name: Name,
  ...payload: Parameters<ServerToClientEvents[Name]>
) => void

/** What a room does besides pushing events and what they changed. Called one after the other, in the room's order. */
export type RoomPart = {
  /** The room follows its thread from now on. */
  onOpened?(): Promise<void> | void
  /** Before an event is pushed. */
  beforeEvent?(event: ThreadEvent): void
  /** After an event and its consequences were pushed. */
  afterEvent?(event: ThreadEvent): void
  /** A word that came beside the log, after everything that led to it was pushed. The room waits for the answer. */
  onSignal?(changed: Changed): Promise<void> | void
  /** Somebody's join is about to be answered: what is emitted to that socket now comes after the answer. */
  onJoined?(visitor: Visitor): void
  /** Somebody's socket has left the room. */
  onLeft?(visitor: Visitor): void
  /** Nobody is left. */
  close?(): void
}
