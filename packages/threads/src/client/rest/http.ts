import type { Edge } from '../edge.js'
import { closedError, toClientError } from '../failures.js'
import { ThreadsClientError } from '../threads-client-error.js'
import type { ReadToken } from '../token.js'
import { toRefusal } from './refusal.js'

/** One call of the server. `path` is below the prefix; what is undefined in the query is left out. */
export type Call = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  query?: Readonly<Record<string, string | number | undefined>>
  body?: unknown
}

export type HttpOptions = {
  edge: Pick<Edge, 'fetch' | 'timers'>
  /** Origin and prefix. */
  base: string
  readToken: ReadToken
  credentials: RequestCredentials
  isClosed(): boolean
}

/** Sends a call and resolves with the JSON it was answered with; rejects with a `ThreadsClientError`. */
export type Http = (call: Call) => Promise<unknown>

const answerWithinMs = 30_000

export function createHttp(options: HttpOptions): Http {
  return async (call) => {
    if (options.isClosed()) throw closedError('the client')
    const { response, text } = await exchange(options, call).catch((error: unknown) => {
      throw toClientError(error)
    })
    const body = parse(text)
    if (!response.ok) throw toRefusal(response.status, response.headers, body)
    return body
  }
}

async function exchange(options: HttpOptions, call: Call): Promise<{ response: Response; text: string }> {
  const { fetch, timers } = options.edge
  const token = await options.readToken()
  const aborter = new AbortController()
  const late = new ThreadsClientError('network', `no answer within ${answerWithinMs} ms`)
  const stop = timers.after(answerWithinMs, () => aborter.abort(late))
  try {
    const response = await fetch(urlOf(options.base, call), {
      method: call.method,
      headers: {
        ...(call.body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      credentials: options.credentials,
      signal: aborter.signal,
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    })
    return { response, text: await response.text() }
  } catch (error) {
    throw aborter.signal.aborted ? late : error
  } finally {
    stop()
  }
}

function urlOf(base: string, { path, query = {} }: Call): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  const text = new URLSearchParams(given).toString()
  return base + path + (text && `?${text}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Nothing, or what a proxy says: the schemas refuse it where something is expected.
    return undefined
  }
}
