import { isDeeperThan, isJsonObject, type JsonObject } from '@parley/kernel/wire'
import type * as z from 'zod/mini'
import { threadsErrors } from '../errors.js'
import { defaultLimits } from './limits.js'

/**
 * Reads a body. Throws `threads.invalid_request` for a text that is not the JSON of an object, and for nesting that
 * no request needs.
 */
export function parseBody(text: string, depth: number = defaultLimits.depth): JsonObject {
  const body = parseJson(text)
  if (!isJsonObject(body)) throw threadsErrors.invalidRequest({ message: 'body must be an object' })
  assertDepth(body, 'body', depth)
  return body
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw threadsErrors.invalidRequest({ message: 'body is not JSON', cause })
  }
}

function assertDepth(value: unknown, what: string, depth: number): void {
  if (isDeeperThan(value, depth))
    throw threadsErrors.invalidRequest({ message: `${what} is nested too deep` })
}

/**
 * Reads a value by its schema. `what` names the whole in refusals, for example `body`. Throws
 * `threads.invalid_request` or `threads.payload_too_large`, with a text that names the member, as in
 * `content[0].url must not be empty`, and the member in `details.member`.
 */
export function readAs<T>(
  schema: z.ZodMiniType<T>,
  value: unknown,
  what: string,
  depth: number = defaultLimits.depth,
): T {
  assertDepth(value, what, depth)
  const result = schema.safeParse(value, { error: sentence })
  if (result.success) return result.data
  // A failed result has at least one issue.
  throw toRefusal(result.error.issues[0]!, what)
}

function toRefusal(issue: z.core.$ZodIssue, what: string): Error {
  const member = pathText(issue.path)
  const extra = {
    message: shorten(`${member || what} ${issue.message}`),
    details: { member: shorten(member) },
  }
  const isTooLarge = issue.code === 'custom' && issue.params?.tooLarge === true
  return isTooLarge ? threadsErrors.payloadTooLarge(extra) : threadsErrors.invalidRequest(extra)
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}

// A refusal quotes what was sent, and names of members may be long.
function shorten(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}…`
}

function sentence(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined && issue.code === 'invalid_type') return 'is required'
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${nouns[issue.expected] ?? `of type ${issue.expected}`}`
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum))
    case 'too_big':
      return `must ${issue.origin === 'string' || issue.origin === 'array' ? 'have' : 'be'} at most ${issue.maximum}${units[issue.origin] ?? ''}`
    case 'unrecognized_keys':
      return `has unknown members: ${issue.keys.join(', ')}`
    case 'invalid_value':
      return `must be one of: ${issue.values.join(', ')}`
    case 'invalid_union':
      return `must be one of: ${Array.isArray(issue.options) ? issue.options.join(', ') : 'the known kinds'}`
    default:
      return 'is not valid'
  }
}

const nouns: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'a boolean',
  object: 'an object',
  array: 'an array',
}

const units: Record<string, string> = { string: ' characters', array: ' elements' }

function tooSmall(origin: string, minimum: number): string {
  const unit = units[origin]
  if (unit === undefined) return `must be at least ${minimum}`
  return minimum === 1 ? 'must not be empty' : `must have at least ${minimum}${unit}`
}
