import { isDeeperThan, isJsonObject, type JsonObject } from '@parley/kernel/wire'
import { handshakeErrors } from '../errors.js'
import type { Field, FieldOption, SchemaField } from './field.js'
import { isBlank } from './json.js'
import { isKey } from './key.js'
import { defaultLimits, type Limits } from './limits.js'

/**
 * Reads the schema of a create request. The result is for checking; answers echo the schema as it was sent.
 * Throws `handshake.schema_not_array`, `handshake.too_many_fields` and `handshake.schema_field`, whose text
 * is `schema field <index>: <reason>`.
 */
export function parseSchema(
  sent: unknown,
  limits: Pick<Limits, 'fields' | 'keyChars' | 'depth'> = defaultLimits,
): Field[] {
  if (!Array.isArray(sent)) throw handshakeErrors.schemaNotArray()
  if (sent.length > limits.fields) throw handshakeErrors.tooManyFields()
  return sent.map((field, index) => parseField(field, index, limits))
}

function parseField(field: unknown, index: number, limits: Pick<Limits, 'keyChars' | 'depth'>): Field {
  const refuse = (reason: string) =>
    handshakeErrors.schemaField({ message: `schema field ${index}: ${reason}`, details: { index } })
  if (!isJsonObject(field)) throw refuse('must be an object')
  // Options are compared and echoed by functions that recurse.
  if (isDeeperThan(field, limits.depth)) throw refuse('too deep')
  const reason = fieldProblem(field, limits.keyChars)
  if (reason !== undefined) throw refuse(reason)
  // fieldProblem has looked at each member that SchemaField types.
  return toField(field as SchemaField)
}

function fieldProblem(field: JsonObject, keyChars: number): string | undefined {
  if (field.key === undefined || field.key === null) return 'key is required'
  if (typeof field.key !== 'string') return 'key must be a string'
  if (!isKey(field.key, keyChars)) return 'invalid key'
  if (field.type !== undefined && typeof field.type !== 'string') return 'type must be a string'
  return optionsProblem(field.options ?? [])
}

function optionsProblem(options: unknown): string | undefined {
  if (!Array.isArray(options)) return 'options must be an array'
  const wrong = options.findIndex((option) => !isPlain(option) && !hasValue(option))
  return wrong < 0 ? undefined : `option ${wrong} has no value`
}

function isPlain(option: unknown): boolean {
  return typeof option !== 'object' || option === null
}

function hasValue(option: unknown): option is FieldOption {
  return isJsonObject(option) && option.value !== undefined
}

function toField(sent: SchemaField): Field {
  const options = (sent.options ?? []).map((option) => (hasValue(option) ? option : { value: option }))
  return { key: sent.key, type: sent.type ?? 'string', required: isTruthy(sent.required), options, sent }
}

// The contract calls blank lists and objects false, too.
function isTruthy(value: unknown): boolean {
  return Boolean(value) && !isBlank(value)
}

/** The definition of a key: the first one wins. */
export function fieldOf(fields: readonly Field[], key: string): Field | undefined {
  return fields.find((field) => field.key === key)
}

/** Keys of required fields whose value is blank or absent, in the order of the schema, each once. */
export function missingKeys(fields: readonly Field[], read: (key: string) => unknown): string[] {
  const missing = fields.filter((field) => field.required && isBlank(read(field.key)))
  return [...new Set(missing.map((field) => field.key))]
}
