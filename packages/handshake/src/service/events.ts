import type { StreamId } from '@parley/kernel/ids'
import type { Draft, StoredEvent } from '@parley/kernel/log'
import type { Claim } from '../store/port.js'

/** A change of one value, as `GET diff` answers it. */
export type ChangeRecord = {
  key: string
  from: unknown
  to: unknown
  by: string
  /** UTC, microseconds, `Z`. */
  at: string
  /** Number of the change in its handshake, from 1, without gaps. */
  seq: number
}

type FieldBody = {
  n: number
  key: string
  from: unknown
  value: unknown
  by: string
  at: string
  remote: string
}

/**
 * Everything that happens to a handshake, by event type. `remote` is a hash of the caller's address.
 * `quiet` marks a value that sockets learn from the batch's end instead of a frame of its own.
 */
export type HandshakeEvents = {
  'handshake.created': { mode: string | null; keys: number; at: string; remote: string }
  'field.set': FieldBody & { quiet?: true }
  'field.edited': FieldBody
  'batch.done': {
    applied: number
    rejected: string[]
    missing: string[]
    errors: unknown[]
    values?: Record<string, unknown>
    at: string
    remote: string
  }
  /** A frame that a custom mode handler pushed. */
  'frame.pushed': { frame: Record<string, unknown> }
  'handshake.extended': { extraSeconds: number; expiresIn: number; at: string; remote: string }
  'handshake.claimed': Claim & { remote: string }
  'handshake.revoked': { at: string; remote: string }
  'handshake.expired': { at: string }
}

export type HandshakeEventType = keyof HandshakeEvents

/** Drafts an event of a handshake's stream; the compiler holds type and body together. */
export function draftEvent<T extends HandshakeEventType>(
  type: T,
  actor: Draft['actor'],
  body: HandshakeEvents[T],
): Draft {
  return { type, actor, body }
}

/** The stream of a handshake. */
export const streamOf = (id: string): StreamId => `handshake:${id}`
/** Reads and refusals: a stream of their own, which nothing waits for. */
export const auditStreamOf = (id: string): StreamId => `handshake.audit:${id}`

/** The change record in an event, if it is one. */
export function toChange(event: Pick<StoredEvent, 'type' | 'body'>): ChangeRecord | undefined {
  if (event.type !== 'field.set' && event.type !== 'field.edited') return undefined
  const { key, from, value, by, at, n } = JSON.parse(event.body) as FieldBody
  return { key, from, to: value, by, at, seq: n }
}
