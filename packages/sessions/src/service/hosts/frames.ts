// Frames of a host, checked: what comes from it is data of somebody else (section 13.9).
import { isDeeperThan, isJsonObject } from '@parley/kernel/wire'
import type {
  EventFrame,
  FromHost,
  HelloFrame,
  LinkedSession,
  ResponseFrame,
  SignalFrame,
} from '../../protocol/index.js'
import { linkLimits } from '../../protocol/index.js'

/** Frames that the server acts on. `other`: understood or not, there is nothing to do. */
export type HostFrame =
  | HelloFrame
  | { type: 'wrong version'; v: unknown }
  | EventFrame
  | ResponseFrame
  | SignalFrame
  | { type: 'req'; id: string }
  | { type: 'other' }

/** Undefined for what is no frame at all. */
export function parseFrame(text: string): HostFrame | undefined {
  const frame = toJson(text)
  if (!isJsonObject(frame) || typeof frame.type !== 'string') return undefined
  // The cast: the type of what the sender says it is; every reader looks at the members.
  switch (frame.type as FromHost['type']) {
    case 'event':
      return toEvent(frame, text.length)
    case 'res':
      return toResponse(frame, text.length)
    case 'signal':
      return toSignal(frame, text.length)
    case 'hello':
      return frame.v === 1 ? toHello(frame) : { type: 'wrong version', v: frame.v }
    case 'req':
      return isText(frame.id) ? { type: 'req', id: frame.id } : undefined
    default:
      return { type: 'other' }
  }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Deeper than any message means to be; a JSON text of it could not be made. */
const maxDepth = 500

/** Each level takes two characters: most frames need no look. */
const isTooDeep = (value: unknown, chars: number): boolean =>
  chars > 2 * maxDepth && isDeeperThan(value, maxDepth)

function toEvent(
  { epoch, n, at, sessionId, event }: Record<string, unknown>,
  chars: number,
): EventFrame | undefined {
  if (!isText(epoch) || !isCount(n) || (sessionId !== undefined && !isText(sessionId))) return undefined
  if (!isJsonObject(event) || !isText(event.type) || !isJsonObject(event.data)) return undefined
  const { type } = event
  const data = isTooDeep(event.data, chars) ? { truncated: true, originalBytes: chars } : event.data
  const time = typeof at === 'string' ? at : ''
  const timestamp =
    typeof event.timestamp === 'string' && event.timestamp.length <= 64 ? event.timestamp : time
  return { type: 'event', epoch, n, at: time, sessionId, event: { type, data, timestamp } }
}

function toResponse(
  { id, status, headers, n, body }: Record<string, unknown>,
  chars: number,
): ResponseFrame | undefined {
  if (!isText(id) || !isCount(status) || status < 100 || status > 599) return undefined
  if (isTooDeep(body, chars)) return { type: 'res', id, status: 502, body: unreadable }
  return { type: 'res', id, status, ...(isTexts(headers) && { headers }), ...(isCount(n) && { n }), body }
}

function toSignal(
  { sessionId, channel, data }: Record<string, unknown>,
  chars: number,
): SignalFrame | { type: 'other' } | undefined {
  if (!isText(channel) || (sessionId !== undefined && !isText(sessionId))) return undefined
  if (isTooDeep(data, chars)) return { type: 'other' }
  return { type: 'signal', sessionId, channel, data }
}

function toHello(frame: Record<string, unknown>): HelloFrame | undefined {
  const { hostId, name, epoch, n, oldest, sessions, features } = frame
  if (!isText(hostId) || !isText(name) || !isText(epoch) || !isCount(n) || !isCount(oldest)) return undefined
  if (oldest < 1 || oldest > n + 1) return undefined
  if (!Array.isArray(sessions) || sessions.length > linkLimits.sessions || !sessions.every(isLinkedSession))
    return undefined
  const frameBytes =
    isJsonObject(frame.limits) && isCount(frame.limits.frameBytes)
      ? frame.limits.frameBytes
      : linkLimits.frameBytes
  const names = Array.isArray(features) ? features.filter(isText) : []
  return {
    type: 'hello',
    v: 1,
    hostId,
    name,
    epoch,
    n,
    oldest,
    sessions,
    features: names,
    limits: { frameBytes },
  }
}

/** The id is what is used; the rest is shown at most. */
const isLinkedSession = (value: unknown): value is LinkedSession =>
  isJsonObject(value) && isText(value.sessionId)

const unreadable = { error: 'the answer of the host is nested too deeply' }

const maxText = 500

/** A short text that a database and an address take: no NUL, and no half of a character. */
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= maxText && !/[\0\p{Surrogate}]/u.test(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

function isTexts(value: unknown): value is Record<string, string> {
  return isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string')
}
