import type { ReadableStreamDefaultController, UnderlyingSource } from 'node:stream/web'
import type { Clock, Stop } from '../ids/index.js'
import { type AnswerHeaders, answer } from './answers.js'

/** One server-sent event. `data` may have several lines; `id` and `event` must be one line. */
export type SseEvent = { id?: string; event?: string; data: string }

export type SseOptions = {
  clock: Clock
  /** A comment is sent when nothing else was for this long; default 15,000. */
  heartbeatMs?: number
  /** Ends the response, for example at shutdown. */
  signal?: AbortSignal
  extraHeaders?: AnswerHeaders
  /** Told when the source throws; the client only sees the stream end, and comes back with its last id. */
  onFault?(error: unknown): void
}

/** Gives the events. Its signal aborts when the client is gone or the response is ended. */
export type SseSource = (signal: AbortSignal) => AsyncIterable<SseEvent>

const sseHeaders: AnswerHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/**
 * A stream of server-sent events as a web `Response`. The source is asked for the next event only when the client has
 * taken the one before; it is ended when the client disconnects.
 */
export function sseResponse(source: SseSource, options: SseOptions): Response {
  const body = new ReadableStream<Uint8Array>(sseStream(source, options), { highWaterMark: 1 })
  return answer(200, body, { ...sseHeaders, ...options.extraHeaders })
}

/** The event as it goes over the wire. */
export function encodeSse({ id, event, data }: SseEvent): string {
  const head = `${id === undefined ? '' : `id: ${oneLine(id)}\n`}${event === undefined ? '' : `event: ${oneLine(event)}\n`}`
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
  return `${head}${lines.join('')}\n`
}

/** A line break would let a value forge another field, and a NUL makes browsers drop an id. */
const oneLine = (text: string): string => text.replace(/[\r\n\0]/g, ' ')

function sseStream(source: SseSource, options: SseOptions): UnderlyingSource<Uint8Array> {
  const { clock, heartbeatMs = 15_000, signal, onFault } = options
  const ending = new AbortController()
  const events = source(ending.signal)[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  let stopHeartbeat: Stop = () => {}

  const end = () => {
    if (ending.signal.aborted) return
    stopHeartbeat()
    signal?.removeEventListener('abort', end)
    ending.abort()
    // A source that waits for its next event ends by the signal; one that is between two ends by this.
    Promise.resolve(events.return?.()).catch(() => {})
  }

  return {
    start(controller) {
      const beat = () => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': \n\n'))
        stopHeartbeat = clock.after(heartbeatMs, beat)
      }
      stopHeartbeat = clock.after(heartbeatMs, beat)
      if (signal?.aborted) end()
      else signal?.addEventListener('abort', end, { once: true })
      ending.signal.addEventListener('abort', () => close(controller), { once: true })
      if (ending.signal.aborted) close(controller)
    },
    async pull(controller) {
      const next = await events.next().catch((error: unknown) => {
        if (!ending.signal.aborted) onFault?.(error)
        return { done: true as const, value: undefined }
      })
      if (ending.signal.aborted) return
      if (next.done) return end()
      controller.enqueue(encoder.encode(encodeSse(next.value)))
    },
    cancel: end,
  }
}

/** Closing a stream that the reader has cancelled throws. */
function close(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close()
  } catch {}
}
