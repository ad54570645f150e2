// What hosts send on their sockets: the channel protocol (section 3.2) of newer ones, the per-session protocol (3.1) of older.

import { isDeeperThan } from '@parley/kernel/wire'
import { sessionEvents, type WireEvent } from '../../protocol/index.js'

export type HostFrame =
  | { kind: 'connected'; protocol: 'channels' | 'session' }
  /** `seq`: of the channel protocol only. */
  | { kind: 'event'; seq: number | undefined; sessionId: string | undefined; event: WireEvent }
  | { kind: 'subscribed'; isCut: boolean }
  | { kind: 'terminated'; sessionId: string }

type Json = Record<string, unknown>

/** Nothing for a frame that says nothing to us. `now`: milliseconds since 1970. */
export function toHostFrame(text: string, now: number): HostFrame | undefined {
  const frame = parse(text)
  switch (frame?.type) {
    case 'connected':
      return { kind: 'connected', protocol: typeof frame.connectionId === 'string' ? 'channels' : 'session' }
    case 'subscribed':
      return { kind: 'subscribed', isCut: frame.truncated === true }
    case 'session.terminated':
      return typeof frame.sessionId === 'string'
        ? { kind: 'terminated', sessionId: frame.sessionId }
        : undefined
    case 'event':
      return toEventFrame(frame, now, text.length)
    default:
      return undefined
  }
}

function toEventFrame({ seq, sessionId, event }: Json, now: number, size: number): HostFrame | undefined {
  const wire = toWireEvent(event, now, size)
  if (!wire) return undefined
  return {
    kind: 'event',
    seq: typeof seq === 'number' && Number.isSafeInteger(seq) ? seq : undefined,
    sessionId: typeof sessionId === 'string' ? sessionId : undefined,
    event: wire,
  }
}

const [maxTypeLength, maxEventChars] = [200, 1024 * 1024]
/** Deeper than any message means to be; a JSON text of it could not be made, and the session's events would stop there. */
const maxDepth = 500

/** An event with a time as ours have it: ISO-8601 in UTC with milliseconds. */
function toWireEvent(value: unknown, now: number, size: number): WireEvent | undefined {
  if (!isObject(value) || typeof value.type !== 'string') return undefined
  const { type } = value
  if (type === '' || type.length > maxTypeLength || type.includes('\0')) return undefined
  const at = typeof value.timestamp === 'string' ? Date.parse(value.timestamp) : Number.NaN
  const timestamp = new Date(Number.isNaN(at) ? now : at).toISOString()
  if (size > maxEventChars || isDeeperThan(value.data, maxDepth))
    return { type, data: { truncated: true, originalBytes: size }, timestamp }
  return { type, data: isObject(value.data) ? value.data : {}, timestamp }
}

/** Listings of whole trees, and answers to one client: shown while they are new, and not kept. */
export const isPassing = ({ type }: WireEvent): boolean =>
  type === sessionEvents.filesystemSnapshot || type === sessionEvents.filePreview

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
