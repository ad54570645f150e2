import { type Clock, systemClock } from '@parley/kernel/ids'
import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import { RelayCallError } from '../call-error.js'
import { readBytes } from '../read-bytes.js'
import { userAgent } from '../user-agent.js'

/** What calls are made with. */
export type CallEdge = { fetch?: typeof fetch; clock?: Clock }

const withinMs = 30_000
const maxBytes = 65_536

/**
 * Posts a body and answers what came back with 200. Throws a `RelayCallError` otherwise, with the text of the other side
 * where there is one.
 */
export async function call(
  { fetch: ask = fetch, clock = systemClock }: CallEdge,
  asked: { url: string; token?: string; body: object | URLSearchParams },
): Promise<JsonObject> {
  const ending = new AbortController()
  const stop = clock.after(withinMs, () => ending.abort(new Error('timed out')))
  try {
    const response = await ask(asked.url, { ...requestOf(asked), signal: ending.signal })
    const answer = parsed(await readBytes(response, maxBytes))
    // OUTSIDE: a policy counts as set with exactly this status; other routes know no other good one.
    if (response.status === 200) return answer
    throw new RelayCallError(response.status, textOf(answer) ?? `the call failed with ${response.status}`)
  } catch (error) {
    if (error instanceof RelayCallError) throw error
    throw new RelayCallError(0, 'the address could not be reached', { cause: error })
  } finally {
    stop()
  }
}

function requestOf({ token, body }: { token?: string; body: object | URLSearchParams }): RequestInit {
  const isForm = body instanceof URLSearchParams
  return {
    method: 'POST',
    // Redirects would carry the token, or a secret in the body, to somebody else.
    redirect: 'error',
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      accept: 'application/json',
      'user-agent': userAgent,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: isForm ? body : JSON.stringify(body),
  }
}

function parsed(bytes: Uint8Array): JsonObject {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isJsonObject(value) ? value : {}
  } catch {
    // Not JSON: the status says enough.
    return {}
  }
}

const textOf = ({ error }: JsonObject): string | undefined =>
  typeof error === 'string' && error !== '' ? error.slice(0, 500) : undefined
