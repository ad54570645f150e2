import { AsyncLocalStorage } from 'node:async_hooks'
import { type RawFile, REST, type RequestMethod } from '@discordjs/rest'
import type { Clock } from '@parley/kernel/ids'
import { type Failure, toFailure } from './errors.js'

/** Discord's own. */
export const discordApiBase = 'https://discord.com/api'
/** A call that nobody gives up is given up after this. */
const timeoutMs = 60_000
const readMs = 10_000
const sweepMs = 600_000

export type Route = `/${string}`
export type Call = {
  method: `${RequestMethod}`
  route: Route
  body?: unknown
  files?: RawFile[]
  query?: Readonly<Record<string, string>>
  /** For routes whose credential stands in the route: not to be told to anybody. The bot's own token is not sent. */
  secret?: string
}
export type Answer<T> = { outcome: 'ok'; value: T } | Failure

/** Discord's HTTP API for one token. */
export interface DiscordApi {
  readonly rest: REST
  /** Asks once: nothing is waited for, and nothing is tried again. Never throws. */
  call<T>(call: Call, signal: AbortSignal): Promise<Answer<T>>
  /** Reads, and waits no longer than some seconds. */
  read<T>(route: Route, query?: Readonly<Record<string, string>>): Promise<Answer<T>>
  stop(): void
}

export function discordApi(token: string, base: string, clock: Clock): DiscordApi {
  // INVARIANT: a call runs in its own context, so that it is known whether its own request has left.
  const calls = new AsyncLocalStorage<{ isBegun: boolean }>()
  const rest = new REST({
    api: base,
    retries: 0,
    offset: 0,
    timeout: timeoutMs,
    // Whoever called decides when it is tried again.
    rejectOnRateLimit: () => true,
    handlerSweepInterval: sweepMs,
    makeRequest: (url, init) => {
      const call = calls.getStore()
      if (call) call.isBegun = true
      return fetchOnce(url, init)
    },
  }).setToken(token)

  const call = async <T>(asked: Call, signal: AbortSignal): Promise<Answer<T>> => {
    if (signal.aborted) return { outcome: 'failed', error: 'it was given up before it began' }
    const progress = { isBegun: false }
    // OUTSIDE: the library never takes its listener off again.
    const own = new AbortController()
    const abort = () => own.abort()
    signal.addEventListener('abort', abort, { once: true })
    try {
      const value = await calls.run(progress, () => rest.request(toRequest(asked, own.signal)))
      // OUTSIDE: what Discord answers to a route has the shape that its documentation says.
      return { outcome: 'ok', value: value as T }
    } catch (error) {
      if (isTokenGone(error)) return tokenRefused
      return toFailure(error, progress.isBegun, (text) => without(text, [token, asked.secret]))
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  return {
    rest,
    call,
    read: async <T>(route: Route, query?: Readonly<Record<string, string>>) => {
      const late = new AbortController()
      const stopTimer = clock.after(readMs, () => late.abort())
      try {
        return await call<T>({ method: 'GET', route, ...(query && { query }) }, late.signal)
      } finally {
        stopTimer()
      }
    },
    stop: () => {
      rest.clearHandlerSweeper()
      rest.clearHashSweeper()
    },
  }
}

type LibraryRequest = Parameters<REST['request']>[0]

function toRequest({ method, route, body, files, query, secret }: Call, signal: AbortSignal): LibraryRequest {
  return {
    method: method as RequestMethod,
    fullRoute: route,
    signal,
    auth: secret === undefined,
    ...(body !== undefined && { body }),
    ...(files && { files }),
    ...(query && { query: new URLSearchParams(query) }),
  }
}

const tokenRefused: Failure = { outcome: 'refused', error: 'Discord refused the token', status: 401, code: 0 }

// OUTSIDE: the library forgets a token that Discord has refused, and calls without one are never made.
const isTokenGone = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Expected token to be set')

type LibraryFetch = REST['options']['makeRequest']

const fetchOnce: LibraryFetch = async (url, init) => {
  // OUTSIDE: the library's types are those of another version of what Node has built in. A redirect is not followed: the
  //          credential would go with it.
  const answer = await globalThis.fetch(url, { ...(init as RequestInit), redirect: 'error' })
  // Nobody reads what a broken server says, and unread it would keep its connection.
  if (answer.status >= 500) await answer.body?.cancel()
  return answer as unknown as Awaited<ReturnType<LibraryFetch>>
}

/** The text without these secrets, also as they stand in an address. */
function without(text: string, secrets: readonly (string | undefined)[]): string {
  return secrets
    .filter((secret): secret is string => Boolean(secret))
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((cleaned, secret) => cleaned.replaceAll(secret, '[secret]'), text)
}
