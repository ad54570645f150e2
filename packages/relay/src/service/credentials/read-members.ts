import { relayErrors } from '../../errors.js'
import { cutText, limits } from '../../protocol/index.js'

/** A body that was parsed and not looked at yet. */
export type Members = Readonly<Record<string, unknown>>

/** Most characters of an id, and most ids of a list. */
const [longestId, mostIds] = [200, 1_000]
const longestUrl = 2_048

// Half a character can't be stored, and control characters only serve to forge lines.
const unprintable = /[\p{Cc}\p{Cs}]/u

const invalid = (message: string) => relayErrors.invalidRequest({ message })

/** The members of a body. Throws `relay.invalid_request`, as everything here does. */
export function readMembers(body: unknown): Members {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('the body must be a JSON object')
  return body as Members
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= longestId && !unprintable.test(value)

/** An id that must be there. */
export function readId(members: Members, name: string): string {
  const value = members[name]
  if (!isId(value)) throw invalid(`${name} must be a non-empty string of at most ${longestId} characters`)
  return value
}

/** An id that may be absent; null and blank say the same. */
export function readOptionalId(members: Members, name: string): string | undefined {
  return isAbsent(members[name]) ? undefined : readId(members, name)
}

/** Ids without repeats, in order; absent: none. */
export function readIds(members: Members, name: string): string[] {
  const value = members[name] ?? []
  if (!Array.isArray(value) || value.length > mostIds || !value.every(isId))
    throw invalid(`${name} must be a list of at most ${mostIds} non-empty strings`)
  return [...new Set<string>(value)]
}

/** True or false; absent: the default. */
export function readFlag(members: Members, name: string, byDefault: boolean): boolean {
  const value = members[name] ?? byDefault
  if (typeof value !== 'boolean') throw invalid(`${name} must be true or false`)
  return value
}

/** Trimmed and cut to 64 code points; undefined when there is none. */
export function readDisplayName(members: Members): string | undefined {
  const value = members.displayName ?? ''
  if (typeof value !== 'string') throw invalid('displayName must be a string')
  const name = cutText(value.trim(), limits.displayName, 'chars')
  if (unprintable.test(name)) throw invalid('displayName must not hold control characters')
  return name === '' ? undefined : name
}

/** Where an instance is woken; undefined when it is not said. What it resolves to is examined when it is called. */
export function readWakeUrl(members: Members): string | undefined {
  if (isAbsent(members.wakeUrl)) return undefined
  const url = toUrl(members.wakeUrl)
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (!url || !isWeb || url.username !== '' || url.password !== '')
    throw invalid('wakeUrl must be an http or https address without credentials')
  return url.href
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''

function toUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' || value.length > longestUrl || !URL.canParse(value)) return undefined
  const url = new URL(value)
  return url.href.length > longestUrl ? undefined : url
}
