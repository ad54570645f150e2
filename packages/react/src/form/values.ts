import type { JsonObject } from '@parley/threads/protocol'
import type { Choice, Field, Scalar } from './schema.js'

/**
 * The name of the control of a field. WHY not the field's own: a control named `submit` or `action` hides the member of
 * the form element with that name.
 */
export function controlName(index: number): string {
  return `field-${index}`
}

/** What was filled in, as the schema wants it. Fields that were left empty are absent. */
export function valuesOf(fields: readonly Field[], data: FormData): JsonObject {
  const entries = fields.map(
    (field, index) => [field.name, filledIn(field, data.getAll(controlName(index)))] as const,
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function filledIn(field: Field, given: readonly FormDataEntryValue[]): unknown {
  const text = typeof given[0] === 'string' ? given[0] : ''
  switch (field.kind) {
    case 'boolean':
      return given.length > 0
    case 'number':
      return text.trim() === '' ? undefined : Number(text)
    case 'choice':
      return chosen(field.choices, text)
    case 'choices':
      return emptyAsAbsent(
        field,
        given.map((one) => chosen(field.choices, String(one))),
      )
    case 'text':
      return text === '' ? undefined : field.format === 'date-time' ? fromLocalTime(text) : text
  }
}

// The value of an option is its place, so that numbers and texts that look like them stay what they are.
function chosen(choices: readonly Choice[], place: string): Scalar | undefined {
  return place === '' ? undefined : choices[Number(place)]?.value
}

function emptyAsAbsent(field: Field, values: unknown[]): unknown[] | undefined {
  return values.length === 0 && !field.isRequired ? undefined : values
}

/** A time of a `datetime-local` control as ISO-8601 in UTC. */
function fromLocalTime(text: string): string {
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? text : time.toISOString()
}

/** An ISO-8601 time as a `datetime-local` control wants it; undefined for what is none. */
export function toLocalTime(iso: string): string | undefined {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return undefined
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
