import { toProblem, unreachable } from './problem.js'
import { readJson } from './read.js'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** Base of the routes that the console speaks to. */
export const apiBase = '/parley/v1'

/** Calls one of our routes and answers its parsed body (`undefined` for none). Throws a `Problem`. */
export async function request(method: Method, path: string, body?: unknown): Promise<unknown> {
  const answer = await send(method, path, body)
  const parsed = readJson(await answer.text())
  if (!answer.ok) throw toProblem(answer.status, parsed)
  return parsed
}

async function send(method: Method, path: string, body: unknown): Promise<Response> {
  const payload =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  try {
    return await fetch(`${apiBase}${path}`, { method, credentials: 'same-origin', ...payload })
  } catch {
    throw unreachable()
  }
}
