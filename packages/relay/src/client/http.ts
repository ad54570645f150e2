import { type OperatorRoute, operatorRoot } from '../protocol/index.js'
import { toRefusal } from './refusal.js'
import { RelayClientError } from './relay-client-error.js'
import type { RelayClientOptions } from './types.js'

/** What is undefined is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>

/** One call of a route. `parts`: those of its path that begin with a colon. */
export type Call = { parts?: Readonly<Record<string, string>>; query?: Query; body?: unknown }

/** Sends a call and resolves with the JSON it was answered with; rejects with a `RelayClientError`. */
export type Http = (route: OperatorRoute, call?: Call) => Promise<unknown>

const usualMs = 60_000

export function createHttp(options: RelayClientOptions): Http {
  const base = (options.baseUrl ?? '').replace(/\/+$/, '') + operatorRoot
  return async (route, call = {}) => {
    const url = urlOf(base, route, call)
    const { response, text } = await exchange(options, url, route, call).catch((error: unknown) => {
      throw toNetworkError(error)
    })
    const body = parse(text)
    if (!response.ok) throw toRefusal(response.status, response.headers, body)
    return body
  }
}

async function exchange(
  options: RelayClientOptions,
  url: string,
  { method }: OperatorRoute,
  { body }: Call,
): Promise<{ response: Response; text: string }> {
  const { token, timeoutMs = usualMs } = options
  const fetch = options.fetch ?? globalThis.fetch
  const bearer = typeof token === 'function' ? await token() : token
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
    },
    // WHY: a cookie goes to another origin only when it is all there is; such answers need a CORS header more.
    credentials: token === undefined ? 'include' : 'same-origin',
    // WHY: a bearer must not follow to wherever an answer points.
    redirect: 'error',
    signal,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { response, text: await response.text() }
}

function urlOf(base: string, { path }: OperatorRoute, { parts = {}, query = {} }: Call): string {
  const filled = path.replace(/:([A-Za-z]+)/g, (_, name: string) => partOf(name, parts[name]))
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  const text = new URLSearchParams(given).toString()
  return base + filled + (text && `?${text}`)
}

/** A part of a path. No escaping keeps an address from being shortened by `..`, and half a character has none. */
function partOf(name: string, value: string | undefined): string {
  if (!value || /^\.{1,2}$/.test(value) || !isWellFormed(value))
    throw new RelayClientError('invalid_request', `${name} can't stand in an address`)
  return encodeURIComponent(value)
}

// With the `u` flag a surrogate matches only where it has no other half.
const isWellFormed = (text: string): boolean => !/[\ud800-\udfff]/u.test(text)

function toNetworkError(error: unknown): RelayClientError {
  if (error instanceof RelayClientError) return error
  return new RelayClientError('network', reasonOf(error), { cause: error })
}

// Node's fetch says only "fetch failed"; what happened is in the cause.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  return error.cause instanceof Error && error.cause.message ? error.cause.message : error.message
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Nothing, or what a proxy says: the schemas refuse it where something is expected.
    return undefined
  }
}
