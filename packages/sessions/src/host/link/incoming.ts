// Frames of the server, checked. What makes no sense is ignored, as an unknown type is.
import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import type { FromServer, HostRequest, SpoolPosition, WelcomeFrame } from '../../protocol/index.js'

type Known = Exclude<FromServer, { type: 'res' } | { type: 'reset' } | { type: 'bye' }>

/** What a link acts on. A `req` that is not one has an id and nothing else: it is refused. */
export type Incoming = Known | { type: 'reset' | 'bye'; reason: string } | { type: 'bad req'; id: string }

export function parseIncoming(text: string): Incoming | undefined {
  const frame = parseJson(text)
  if (!isJsonObject(frame)) return undefined
  switch (frame.type) {
    case 'welcome':
      return toWelcome(frame)
    case 'ack':
      return isPosition(frame) ? { type: 'ack', epoch: frame.epoch, n: frame.n } : undefined
    case 'req':
      return isId(frame.id) ? (toRequest(frame, frame.id) ?? { type: 'bad req', id: frame.id }) : undefined
    case 'cancel':
      return isId(frame.id) ? { type: 'cancel', id: frame.id } : undefined
    case 'pause':
    case 'resume':
      return { type: frame.type }
    case 'reset':
    case 'bye':
      return { type: frame.type, reason: typeof frame.reason === 'string' ? frame.reason : '' }
    default:
      return undefined
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 200

function isPosition(value: unknown): value is SpoolPosition {
  return isJsonObject(value) && typeof value.epoch === 'string' && isCount(value.n)
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

function toWelcome(frame: JsonObject): WelcomeFrame | undefined {
  if (!isPosition(frame.acked)) return undefined
  const limits = isJsonObject(frame.limits) ? frame.limits : {}
  const limit = (name: string) => (isCount(limits[name]) ? limits[name] : Number.MAX_SAFE_INTEGER)
  return {
    type: 'welcome',
    // The cast: another version is refused by whoever reads `v`.
    v: frame.v as 1,
    linkId: String(frame.linkId),
    acked: frame.acked,
    heartbeatSeconds: Number(frame.heartbeatSeconds),
    limits: {
      frameBytes: limit('frameBytes'),
      unackedEvents: limit('unackedEvents'),
      unackedBytes: limit('unackedBytes'),
    },
    time: String(frame.time),
  }
}

function toRequest(frame: JsonObject, id: string): (HostRequest & { type: 'req'; id: string }) | undefined {
  const { method, path, query, headers, body, key, timeoutMs } = frame
  if (typeof method !== 'string' || typeof path !== 'string' || !path.startsWith('/')) return undefined
  if (!isTexts(query) || !isTexts(headers)) return undefined
  if (key !== undefined && !isId(key)) return undefined
  const wait = isCount(timeoutMs) ? { timeoutMs } : {}
  return { type: 'req', id, method, path, query, headers, body, key, ...wait }
}

function isTexts(value: unknown): value is Record<string, string> | undefined {
  if (value === undefined) return true
  return isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string')
}
