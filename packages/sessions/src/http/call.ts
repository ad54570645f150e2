import type { AnswerHeaders } from '@parley/kernel/http'
import { readJsonBody } from '@parley/kernel/http'
import type { Principal } from '@parley/kernel/principal'
import { isJsonObject } from '@parley/kernel/wire'
import { sessionsErrors } from '../errors.js'
import type { Answer } from './answer.js'

/** What a route gets. */
export type Call = {
  by: Principal
  /** Authenticates anew: true while nothing of what the caller may see or do has changed. */
  isStill(): Promise<boolean>
  request: Request
  query: URLSearchParams
  /** A part of the path, decoded. */
  param(name: string): string
  /** Most bytes of a body. */
  bodyBytes: number
  /** Headers for pages of other origins, for routes that build their response themselves. */
  headers: AnswerHeaders
}

/** What a route gets that asks for no credential. */
export type OpenCall = Omit<Call, 'by' | 'isStill'>

type Common = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Relative to the prefix. */
  path: string
  summary: string
  /** Browsers can't set headers here: `?token=` counts as a bearer's. */
  tokenInQuery?: true
}

/** One route, as data. `open`: it has a credential of its own, or needs none. */
export type Route = Common & { run(call: Call): Promise<Answer> }
export type OpenRoute = Common & { open(call: OpenCall): Promise<Answer> }

/** The body of a request as an object; an empty one is `{}` unless it `isRequired`. Throws `invalidRequest` for all else. */
export async function objectOf(
  { request, bodyBytes }: OpenCall,
  { isRequired = false } = {},
): Promise<Record<string, unknown>> {
  const { value } = await readJsonBody(request, { maxBytes: bodyBytes, isRequired })
  if (isJsonObject(value)) return value
  throw sessionsErrors.invalidRequest({ message: 'The body must be a JSON object' })
}

/** The members of a body, for routes that say themselves what is missing: JSON that is no object has none. */
export async function membersOf({ request, bodyBytes }: OpenCall): Promise<Record<string, unknown>> {
  const { value } = await readJsonBody(request, { maxBytes: bodyBytes })
  return isJsonObject(value) ? value : {}
}

/** A text that is needed: neither absent nor empty. */
export function textIn(body: Record<string, unknown>, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw sessionsErrors.invalidRequest({ message: `Missing '${name}' field` })
}

/** A text that may be absent or null. */
export function optionalText(body: Record<string, unknown>, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  throw sessionsErrors.invalidRequest({ message: `'${name}' must be a string` })
}
