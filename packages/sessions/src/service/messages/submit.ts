// Hands a message to the host of its session as a prompt.

import type { Log } from '@parley/kernel/log'
import { isJsonObject } from '@parley/kernel/wire'
import { type HostResponse, sessionEvents, type WireEvent } from '../../protocol/index.js'
import type { MessageRow, SessionRow } from '../../store/port.js'
import { streamOf } from '../intake/streams.js'
import type { MessagesDeps } from './deps.js'

/**
 * `unclear`: it may have arrived, and the host knows no keys. `refused`: the host said no. `unsent`: it was not there, or
 * nobody knows and asking again is harmless.
 */
export type Submitted =
  | { outcome: 'sent'; turnId?: string; isQueued?: boolean }
  | { outcome: 'unclear' }
  | { outcome: 'refused'; error: string }
  | { outcome: 'unsent'; error: string }

export async function submitPrompt(
  { router }: MessagesDeps,
  session: SessionRow,
  { text, key, signal }: Pick<MessageRow, 'text'> & { key: string; signal: AbortSignal },
): Promise<Submitted> {
  const request = { method: 'POST', path: '/prompt', body: { text }, key }
  try {
    return toSubmitted(session, await router.session(session, request, { signal }))
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return session.hostId === null ? { outcome: 'unclear' } : { outcome: 'unsent', error: text }
  }
}

function toSubmitted(session: SessionRow, { status, body }: HostResponse): Submitted {
  if (status >= 200 && status < 300) return { outcome: 'sent', ...turnOf(body) }
  const error = `Prompt failed (${status})`
  if (status === 503 || status === 429) return { outcome: 'unsent', error }
  if (status === 502 || status === 504)
    return session.hostId === null ? { outcome: 'unclear' } : { outcome: 'unsent', error }
  return { outcome: 'refused', error }
}

/** A queued prompt's turn has the id it has in the queue. */
function turnOf(body: unknown): { turnId?: string; isQueued?: boolean } {
  if (!isJsonObject(body)) return {}
  const { turnId, queueId } = body
  if (typeof turnId === 'string') return { turnId }
  return typeof queueId === 'string' ? { turnId: queueId, isQueued: true } : {}
}

const recent = 200

/**
 * Resolves when the session's row shows the turn, or that the prompt waits for one: before that it looks idle. At the latest
 * when `signal` aborts.
 */
export async function turnIsSeen(
  log: Log,
  sessionId: string,
  { turnId, after, signal }: { turnId: string; after: number; signal: AbortSignal },
): Promise<void> {
  const stream = streamOf(sessionId)
  const shows = ({ type, body }: { type: string; body: string }, isNew: boolean): boolean =>
    type === sessionEvents.rpc
      ? body.includes(turnId) && isTurn(body, turnId)
      : isNew && type === sessionEvents.queueUpdated
  if ((await log.last(stream, { limit: recent })).some((event) => shows(event, event.seq > after))) return
  for await (const item of log.follow(stream, { after, signal })) {
    if ('mark' in item) {
      if (item.mark === 'gone') return
    } else if (shows(item, true)) return
  }
}

function isTurn(body: string, turnId: string): boolean {
  // The cast: the intake wrote it.
  const { data } = JSON.parse(body) as WireEvent
  return data.method === 'session/prompt' && data.turnId === turnId
}
