// Requests of the server under way on one link (section 13.4).
import type { Clock, Stop } from '@parley/kernel/ids'
import { type HostRequest, type HostResponse, linkLimits } from '../../protocol/index.js'

export type RequestsOptions = {
  clock: Clock
  /** Never rejects. */
  answer(request: HostRequest): Promise<HostResponse>
  /** The number of the last event, once everything that was told so far is written down. */
  written(): Promise<number>
  /** Sends a `res`, as JSON text. */
  send(text: string): void
}

export interface Requests {
  take(id: string, request: HostRequest, timeoutMs?: number): void
  refuse(id: string, status: number, message: string): void
  /** Nobody waits for this answer any more. What was begun goes on. */
  cancel(id: string): void
  /** No answer is sent after this. */
  close(): void
}

export function createRequests({ clock, answer, written, send }: RequestsOptions): Requests {
  const waiting = new Map<string, Stop>()
  // Those that nobody waits for count too, as long as they run.
  let running = 0

  const respond = (id: string, response: HostResponse, n?: number) => send(toText(id, response, n))
  const refuse = (id: string, status: number, message: string) =>
    respond(id, { status, body: { error: message } })
  const settle = (id: string, response?: HostResponse, n?: number) => {
    const stopTimer = waiting.get(id)
    if (!stopTimer) return
    stopTimer()
    waiting.delete(id)
    if (response) respond(id, response, n)
  }
  const run = async (id: string, request: HostRequest) => {
    running++
    const response = await answer(request)
    running--
    settle(id, response, mayTell(request) ? await written() : undefined)
  }

  return {
    take: (id, request, timeoutMs = defaultWait(request)) => {
      if (waiting.has(id)) return
      if (running >= linkLimits.openRequests) return refuse(id, 429, 'too many requests')
      const timedOut = () => settle(id, { status: 504, body: { error: 'host timed out' } })
      waiting.set(id, clock.after(timeoutMs, timedOut))
      void run(id, request)
    },
    refuse,
    cancel: (id) => settle(id),
    close: () => {
      for (const id of waiting.keys()) settle(id)
    },
  }
}

/**
 * What changes a session is told as events, too; whoever asked shall find them in the log. A prompt is not waited for: its
 * events go on for as long as its turn.
 */
const mayTell = ({ method, path }: HostRequest): boolean =>
  method !== 'GET' && path.startsWith('/sessions/') && !path.endsWith('/prompt')

function defaultWait({ method, path }: HostRequest): number {
  const isStart = method === 'POST' && path.endsWith('/start')
  return isStart ? linkLimits.startWithinMs : linkLimits.requestWithinMs
}

function toText(id: string, { status, headers, body }: HostResponse, n?: number): string {
  const text = JSON.stringify({ type: 'res', id, status, headers, n, body })
  if (Buffer.byteLength(text) <= linkLimits.frameBytes) return text
  return JSON.stringify({ type: 'res', id, status: 500, body: { error: 'the answer is too large' } })
}
