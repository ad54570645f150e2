// Requests to a host over HTTP (section 4): no redirects, bounded answers, time limits for all but the prompt.

import { Agent, type Dispatcher, request } from 'undici'
import { runtimeHeaders } from '../port.js'

export type HostCallOptions = {
  method: string
  /** Below the base, with its query. */
  path: string
  headers?: Headers
  body?: Uint8Array | string
  signal?: AbortSignal
  /** Until the headers, and between parts of the body; default 30,000. 0: without limit. */
  withinMs?: number
}

export interface HostHttp {
  /** Answers 502 to 504 for a host that does not answer properly. Rejects only with the signal's reason. */
  call(options: HostCallOptions): Promise<Response>
  close(): Promise<void>
}

const maxAnswerBytes = 16 * 1024 * 1024
const [connectWithinMs, defaultWithinMs] = [10_000, 30_000]
const forwarded = ['content-type', 'accept', runtimeHeaders.cwd, runtimeHeaders.key]

export function hostHttp({ baseUrl, token }: { baseUrl: string; token: string | undefined }): HostHttp {
  const dispatcher = new Agent({ connect: { timeout: connectWithinMs } })
  return {
    call: async ({ method, path, headers, body, signal, withinMs = defaultWithinMs }) => {
      try {
        const answer = await request(`${baseUrl}${path}`, {
          dispatcher,
          // The cast: any token is a method to undici.
          method: method as Dispatcher.HttpMethod,
          headers: toHeaders(headers, token),
          body,
          signal,
          headersTimeout: withinMs,
          bodyTimeout: withinMs,
        })
        return await toResponse(answer)
      } catch (error) {
        signal?.throwIfAborted()
        return toRefusal(error)
      }
    },
    close: () => dispatcher.destroy(),
  }
}

function toHeaders(given: Headers | undefined, token: string | undefined): Record<string, string> {
  const kept = forwarded.flatMap((name) => {
    const value = given?.get(name)
    return value === null || value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), ...(token !== undefined && { authorization: `Bearer ${token}` }) }
}

async function toResponse({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<Response> {
  // OUTSIDE: a body that is destroyed early tells its error to whoever listens, and to the process when nobody does.
  body.on('error', () => {})
  if (statusCode >= 300 && statusCode < 400) {
    body.destroy()
    return refusal(502, 'the host answered with a redirect, which is not followed')
  }
  const bytes = await readAtMost(body)
  if (!bytes) return refusal(502, 'the answer of the host is too large')
  const kept = ['content-type', 'retry-after'].flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  const hasBody = bytes.byteLength > 0 && statusCode !== 204 && statusCode !== 205
  return new Response(hasBody ? bytes : null, { status: statusCode, headers: Object.fromEntries(kept) })
}

/** Nothing when there is more. */
async function readAtMost(body: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop destroys the body.
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxAnswerBytes) return undefined
    chunks.push(chunk)
  }
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

const neverArrived = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
const tooLate = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

/** 503: it never arrived. 504 and 502: nobody knows. */
function toRefusal(error: unknown): Response {
  const code = (error as { code?: unknown } | undefined)?.code
  if (typeof code === 'string' && neverArrived.has(code))
    return refusal(503, 'host not reachable', { 'retry-after': '5' })
  if (typeof code === 'string' && tooLate.has(code)) return refusal(504, 'the host did not answer in time')
  return refusal(502, 'the host did not answer properly')
}

const refusal = (status: number, error: string, headers?: Record<string, string>): Response =>
  Response.json({ error }, { status, headers })
