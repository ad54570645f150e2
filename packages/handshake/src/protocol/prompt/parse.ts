import { withoutSlash } from './address.js'
import { toLines } from './plain-line.js'

const required = ['sessionId', 'token', 'baseUrl'] as const
const known = new Set<string>([...required, 'mode', 'expiresIn', 'skill'])

/** What a pasted prompt says. Every value is a string, `expiresIn` may carry a unit (`1800s`). */
export type ParsedPrompt = {
  sessionId: string
  token: string
  baseUrl: string
  mode?: string
  expiresIn?: string
  skill?: string
  /** Reasons for caution: a later line contradicts a credential, which may be form text posing as one. */
  warnings: string[]
}

/** A text that is no usable prompt. */
export class PromptError extends Error {
  /** Required names that are absent or blank. */
  readonly missing: string[]
  /** Required names whose value can't be right. */
  readonly invalid: string[]

  constructor(missing: string[], invalid: string[]) {
    super(explain(missing, invalid))
    this.name = 'PromptError'
    this.missing = missing
    this.invalid = invalid
  }
}

function explain(missing: string[], invalid: string[]): string {
  const parts = []
  if (missing.length > 0) parts.push(`missing fields in prompt: ${missing.join(', ')}`)
  if (invalid.length > 0) parts.push(`invalid fields in prompt: ${invalid.join(', ')}`)
  return parts.join('; ')
}

/**
 * Reads the credentials out of a pasted prompt. Takes lines such as `- token: abc`, with `-`, `*`, `•` or no
 * bullet, an ASCII or full-width colon, and backquotes around the value or not. The first line of a name wins.
 * Throws a `PromptError`.
 */
export function parsePrompt(text: string): ParsedPrompt {
  const found = new Map<string, string>()
  const conflicts = new Set<string>()
  for (const [key, value] of entriesOf(text)) {
    const first = found.get(key)
    if (first === undefined) found.set(key, value)
    else if (first !== value && isRequired(key)) conflicts.add(key)
  }
  assertUsable(found)
  return { ...toParsed(found), warnings: [...conflicts].map(warning) }
}

/** Yields the lines that name something a prompt may say. */
function* entriesOf(text: string): Generator<[string, string]> {
  for (const line of toLines(text)) {
    const match = /^[-*•]?\s*([\p{L}\p{N}_]+)\s*[:：](.*)$/u.exec(line.trim())
    const [, key = '', rest = ''] = match ?? []
    // Nothing behind the colon is no entry; a blank there is one, without a value.
    if (known.has(key) && hasRest(line, rest)) yield [key, unquote(rest.trim())]
  }
}

function hasRest(line: string, rest: string): boolean {
  return rest !== '' || /[:：]\s+$/u.test(line)
}

function unquote(value: string): string {
  const inner = /^(`+)(.*?)\1$/u.exec(value)?.[2]
  return (inner ?? value).trim()
}

function isRequired(key: string): boolean {
  return (required as readonly string[]).includes(key)
}

function assertUsable(found: Map<string, string>): void {
  const missing = required.filter((key) => !found.get(key))
  const invalid = required.filter((key) => found.get(key) && !isUsable(key, found.get(key) ?? ''))
  if (missing.length + invalid.length > 0) throw new PromptError(missing, invalid)
}

function isUsable(key: (typeof required)[number], value: string): boolean {
  if (key === 'token') return /^[A-Za-z0-9_-]{16,}$/.test(value)
  if (key === 'sessionId') return /^[A-Za-z0-9_-]+$/.test(value)
  return /^https?:\/\/\S+$/i.test(value) && URL.canParse(value)
}

function toParsed(found: Map<string, string>): Omit<ParsedPrompt, 'warnings'> {
  const text = (key: string) => found.get(key) || undefined
  return {
    // assertUsable has seen the three.
    sessionId: found.get('sessionId') as string,
    token: found.get('token') as string,
    baseUrl: withoutSlash(found.get('baseUrl') as string),
    ...(text('mode') && { mode: text('mode') }),
    ...(text('expiresIn') && { expiresIn: text('expiresIn') }),
    ...(text('skill') && { skill: text('skill') }),
  }
}

function warning(key: string): string {
  return `the prompt names ${key} twice with different values; the first one is used`
}
