import type { Edge } from '../edge.js'
import { closedError, networkError } from '../failures.js'
import { SessionsClientError } from '../sessions-client-error.js'
import type { ReadToken } from '../token.js'
import { isUpward } from './paths.js'
import { toRefusal } from './refusal.js'

type Schema<T> = { parse(value: unknown): T }

/** What is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

/** One call of the server. */
export type Call<T> = {
  method: string
  /** Below the base. */
  path: string
  query?: Query
  body?: unknown
  /** What the answer must be; without it nothing is read. */
  answer?: Schema<T>
  /** The fixed text of a failure; `status` is undefined when there was no answer. */
  failure: string | ((status: number | undefined) => string)
  /** Default 30 s; null: for as long as it takes. */
  withinMs?: number | null
}

export type HttpOptions = {
  edge: Pick<Edge, 'fetch' | 'timers'>
  base: string
  readToken: ReadToken
  credentials: RequestCredentials
  isClosed(): boolean
}

/** Sends a call and resolves with what it was answered; rejects with a `SessionsClientError`. */
export type Http = <T = undefined>(call: Call<T>) => Promise<T>

const usualMs = 30_000

export function createHttp(options: HttpOptions): Http {
  return async <T>(call: Call<T>) => {
    if (options.isClosed()) throw closedError('the client')
    if (isUpward(call.path)) {
      const detail = 'an id may not be . or ..'
      throw new SessionsClientError('invalid_request', textOf(call, undefined), { detail })
    }
    const { response, text } = await exchange(options, call).catch((error: unknown) => {
      throw networkError(textOf(call, undefined), error)
    })
    const { ok, status, headers } = response
    if (!ok) throw toRefusal(textOf(call, status), status, headers, text)
    // The cast: who gives no schema reads no answer.
    return call.answer ? read(call, call.answer, status, text) : (undefined as T)
  }
}

function textOf({ failure }: Pick<Call<unknown>, 'failure'>, status: number | undefined): string {
  return typeof failure === 'function' ? failure(status) : failure
}

function read<T>(call: Call<T>, answer: Schema<T>, status: number, text: string): T {
  try {
    return answer.parse(JSON.parse(text))
  } catch (cause) {
    const detail = 'the server answered with something else'
    throw new SessionsClientError('invalid_response', textOf(call, status), { status, detail, cause })
  }
}

type Exchanged = { response: Response; text: string }

async function exchange(options: HttpOptions, call: Call<unknown>): Promise<Exchanged> {
  const { fetch, timers } = options.edge
  const token = await options.readToken()
  const aborter = new AbortController()
  const { withinMs = usualMs } = call
  const late = new Error(`no answer within ${withinMs} ms`)
  const stop = withinMs === null ? () => {} : timers.after(withinMs, () => aborter.abort(late))
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

function urlOf(base: string, { path, query = {} }: Pick<Call<unknown>, 'path' | 'query'>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  const text = new URLSearchParams(given).toString()
  return base + path + (text && `${path.includes('?') ? '&' : '?'}${text}`)
}
