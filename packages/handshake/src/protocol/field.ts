import * as z from 'zod/mini'

/** One choice of an `enum` field. */
export const FieldOption = z.looseObject({ value: z.unknown(), label: z.optional(z.string()) })
export type FieldOption = z.infer<typeof FieldOption>

/** One field of a form, as a page declares it and an agent reads it. Other members are echoed untouched. */
export const SchemaField = z.looseObject({
  key: z.string(),
  /** `string`, `int`, `float`, `bool`, `datetime`, `array`, `array<…>`, `enum` or an alias. Default `string`. */
  type: z.optional(z.string()),
  label: z.optional(z.unknown()),
  required: z.optional(z.unknown()),
  example: z.optional(z.unknown()),
  desc: z.optional(z.unknown()),
  /** `{value, label?}`, or the plain value. */
  options: z.nullish(z.array(z.unknown())),
})
export type SchemaField = z.infer<typeof SchemaField>

/** Who wrote a field. */
export const By = z.enum(['empty', 'user', 'ai', 'user_edit'])

/** A value, who wrote it, and when (`2026-06-23T02:22:00.123456Z`). */
export const FieldEntry = z.looseObject({ value: z.unknown(), by: By, at: z.string() })
export type FieldEntry = z.infer<typeof FieldEntry>

/** The values of a form by key: those given at creation or written since. */
export const Context = z.record(z.string(), FieldEntry)
export type Context = z.infer<typeof Context>

/** A field as the checks need it: the type filled in, plain options read as `{value}`. */
export type Field = {
  key: string
  type: string
  required: boolean
  options: readonly FieldOption[]
  /** The definition as it was sent. */
  sent: SchemaField
}
