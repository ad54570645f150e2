// How values stand in columns. JSON is text, also where it is one text alone: names, titles and prompts come from outside, and
// no database takes a NUL or half of a character, which JSON writes out.

/** JSON text; null stays null. */
export const toText = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value)

// The cast: nothing but this store writes the column.
export const fromText = <T>(text: string | null): T => (text === null ? null : JSON.parse(text)) as T

export const toBit = (value: boolean): number => (value ? 1 : 0)

export const fromBit = (value: number): boolean => Number(value) === 1

/** Leaves out what is absent, so that a change sets only what it names. */
export function present<Values extends Record<string, unknown>>(values: Values): Partial<Values> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  // The cast: the entries that are left are the object's own.
  return Object.fromEntries(entries) as Partial<Values>
}

/** Applies a conversion to a value unless it is absent. */
export const given = <T, U>(value: T | undefined, convert: (value: T) => U): U | undefined =>
  value === undefined ? undefined : convert(value)
