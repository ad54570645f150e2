import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import type { Edge } from './edge.js'
import { HandshakeError } from './handshake-error.js'

/** One call of the server. */
export type Call = {
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers?: Record<string, string>
  body?: unknown
  /** Default 15 000. */
  timeoutMs?: number
  credentials?: RequestCredentials
  redirect?: RequestRedirect
}

/** Sends a call and returns the object it was answered with. Throws a `HandshakeError` for everything else. */
export async function callJson(edge: Pick<Edge, 'fetch' | 'timers'>, call: Call): Promise<JsonObject> {
  return (await callForAnswer(edge, call)).body
}

/** As `callJson`, with the headers of the answer. */
export async function callForAnswer(
  edge: Pick<Edge, 'fetch' | 'timers'>,
  call: Call,
): Promise<{ body: JsonObject; headers: Headers }> {
  const { response, text } = await exchange(edge, call)
  const body = parse(text)
  if (!response.ok) throw refusal(response, body)
  if (isJsonObject(body)) return { body, headers: response.headers }
  throw new HandshakeError('the server did not answer with a JSON object', { status: response.status, body })
}

async function exchange({ fetch, timers }: Pick<Edge, 'fetch' | 'timers'>, call: Call) {
  const { timeoutMs = 15_000 } = call
  const aborter = new AbortController()
  const late = new Error(`no answer within ${timeoutMs} ms`)
  const stop = timers.after(timeoutMs, () => aborter.abort(late))
  try {
    const response = await fetch(call.url, toInit(call, aborter.signal))
    return { response, text: await response.text() }
  } catch (cause) {
    throw new HandshakeError(`connection error: ${reasonOf(aborter.signal.aborted ? late : cause)}`, {
      cause,
    })
  } finally {
    stop()
  }
}

function toInit({ method, headers, body, credentials, redirect }: Call, signal: AbortSignal): RequestInit {
  const type = body === undefined ? undefined : { 'Content-Type': 'application/json; charset=utf-8' }
  return {
    method,
    headers: { ...type, ...headers },
    signal,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(credentials && { credentials }),
    ...(redirect && { redirect }),
  }
}

function refusal(response: Response, body: unknown): HandshakeError {
  const text = isJsonObject(body) && typeof body.error === 'string' ? body.error : `HTTP ${response.status}`
  const wait = Number(response.headers.get('Retry-After') ?? Number.NaN)
  const retryAfter = Number.isFinite(wait) ? wait : undefined
  return new HandshakeError(text, { status: response.status, body, retryAfter })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// Node's fetch says only "fetch failed"; what happened is in the cause.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message
}
