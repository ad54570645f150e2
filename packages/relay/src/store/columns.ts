// How values stand in columns. Ids and names come from outside, and no database takes a NUL or half of a character: they go
// through `toName` wherever they are written or looked for. What is never looked for may be JSON, which writes both out.

// With the `u` flag a surrogate matches only where it has no other half.
const unfit = /[\0\\\ud800-\udfff]/u
const everyUnfit = /[\0\\\ud800-\udfff]/gu
const everyEscape = /\\(?:\\|u([0-9a-f]{4}))/g

/** Any text as one that every database takes; different texts stay different, and ordinary ones are as they were. */
export function toName(text: string): string {
  return unfit.test(text) ? text.replace(everyUnfit, escaped) : text
}

/** The text that `toName` was given. */
export function fromName(stored: string): string {
  if (!stored.includes('\\')) return stored
  return stored.replace(everyEscape, (_, code: string | undefined) =>
    code === undefined ? '\\' : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function escaped(character: string): string {
  if (character === '\\') return '\\\\'
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

export const toNameOrNull = (text: string | null): string | null => (text === null ? null : toName(text))

export const fromNameOrNull = (stored: string | null): string | null =>
  stored === null ? null : fromName(stored)

/** JSON text; null stays null. */
export const toText = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value)

// The cast: nothing but this store writes the column.
export const fromText = <T>(text: string | null): T => (text === null ? null : JSON.parse(text)) as T

export const toBit = (value: boolean): number => (value ? 1 : 0)

export const fromBit = (value: number): boolean => Number(value) === 1

export const fromNumberOrNull = (value: number | null): number | null =>
  value === null ? null : Number(value)

/** Leaves out what is absent, so that a change sets only what it names. */
export function present<Values extends Record<string, unknown>>(values: Values): Partial<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  // The cast: the entries that are left are the object's own.
  return Object.fromEntries(entries) as Partial<Values>
}

/** Applies a conversion to a value unless it is absent. */
export const given = <T, U>(value: T | undefined, convert: (value: T) => U): U | undefined =>
  value === undefined ? undefined : convert(value)
