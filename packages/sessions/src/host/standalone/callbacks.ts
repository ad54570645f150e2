// Tells a foreign control plane what happens in its sessions (sections 4.2 and 4.4).
import { isJsonObject } from '@parley/kernel/wire'
import type { SessionCallbackEvent } from '../../protocol/index.js'
import type { HostEvent } from '../port.js'

export type CallbackAnswer = { optionId: string } | { outcome: 'cancelled' }

export interface Callbacks {
  /** Where a session's callbacks go; forgotten when it ends. An address that is none is left out. */
  register(sessionId: string, callbackUrl: unknown): void
  /** The session was not started. */
  forget(sessionId: string): void
  /** Tells what the event means, if the control plane wants to know. Errors are nobody's business. */
  tell(event: HostEvent): void
  /** Asks the control plane first. Undefined: somebody else must answer. */
  ask(event: HostEvent): Promise<CallbackAnswer | undefined>
}

const answerWithinMs = 30_000
const maxAnswerChars = 64 * 1024

export function createCallbacks(send: typeof fetch): Callbacks {
  const urls = new Map<string, string>()
  const lines = new Map<string, Promise<unknown>>()

  const post = async (sessionId: string, body: SessionCallbackEvent): Promise<unknown> => {
    const url = urls.get(sessionId)
    if (url === undefined) return undefined
    const response = await send(`${url}/agents/${encodeURIComponent(sessionId)}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
    })
    const text = await response.text()
    return response.ok && text.length <= maxAnswerChars ? JSON.parse(text) : undefined
  }
  const inLine = (sessionId: string, work: () => Promise<unknown>) => {
    const line = (lines.get(sessionId) ?? Promise.resolve()).then(work).catch(() => undefined)
    lines.set(sessionId, line)
    void line.then(() => lines.get(sessionId) === line && lines.delete(sessionId))
  }

  return {
    register: (sessionId, callbackUrl) => {
      if (typeof callbackUrl !== 'string' || !/^https?:\/\//.test(callbackUrl)) return
      urls.set(sessionId, callbackUrl.replace(/\/+$/, ''))
    },
    forget: (sessionId) => void urls.delete(sessionId),
    tell: (event) => {
      const { sessionId } = event
      const body = sessionId === undefined || !urls.has(sessionId) ? undefined : toCallback(event)
      if (sessionId === undefined || !body) return
      inLine(sessionId, () => post(sessionId, body))
      if (body.type === 'session_end') inLine(sessionId, async () => urls.delete(sessionId))
    },
    ask: async ({ sessionId, data }) => {
      if (sessionId === undefined) return undefined
      // The cast: the data of a `permission_request` event is the request.
      const body = { type: 'permission_request', data } as unknown as SessionCallbackEvent
      return toAnswer(await post(sessionId, body).catch(() => undefined))
    },
  }
}

function toAnswer(answer: unknown): CallbackAnswer | undefined {
  if (!isJsonObject(answer)) return undefined
  if (typeof answer.optionId === 'string') return { optionId: answer.optionId }
  return answer.outcome === 'cancelled' ? { outcome: 'cancelled' } : undefined
}

function toCallback({ type, data }: HostEvent): SessionCallbackEvent | undefined {
  if (type === 'error') return { type, data: { message: String(data.message) } }
  if (type === 'session.terminated') {
    const exitCode = typeof data.exitCode === 'number' ? data.exitCode : null
    return { type: 'session_end', data: { exitCode } }
  }
  const isTurnEnd = type === 'rpc' && data.method === 'session/prompt' && data.phase === 'response'
  if (!isTurnEnd || !isJsonObject(data.payload) || 'error' in data.payload) return undefined
  return { type: 'end_turn', data: { promptResponse: data.payload } }
}
