// Events hold what agents wrote: nothing about their shape is certain.

export type Fields = Readonly<Record<string, unknown>>

const nothing: Fields = {}

/** The members of an object; none of anything else. */
export const fieldsOf = (value: unknown): Fields =>
  // The cast: an object that is no list has members by name.
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : nothing

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The objects of a list; undefined for anything that is no list. */
export const listOf = (value: unknown): Fields[] | undefined =>
  Array.isArray(value) ? value.map(fieldsOf).filter((one) => one !== nothing) : undefined
