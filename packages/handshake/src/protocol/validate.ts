import type { Field } from './field.js'
import { isSameJson } from './json.js'

/** Replaces the table of types. False refuses with the usual text, a string refuses with that text. */
export type Validator = (value: unknown, type: string, field: Field) => boolean | string

/** How values are checked. */
export type ValidateOptions = {
  validator?: Validator
  /** Checks the elements of `array<T>` by T's rule. Default false. */
  strictArrays?: boolean
  /** What happens to a key that no field defines. Default `accept`. */
  unknownKeys?: 'accept' | 'reject'
}

/** The outcome of a check. */
export type Verdict = { ok: true } | { ok: false; message: string }

const fine: Verdict = { ok: true }

/**
 * Checks a value against its field: first the type, then the options of an `enum`. `field` is undefined for
 * a key that the schema does not define; such a key is accepted unchecked unless `unknownKeys` rejects it.
 */
export function validateValue(
  value: unknown,
  field: Field | undefined,
  options: ValidateOptions = {},
): Verdict {
  if (!field) return options.unknownKeys === 'reject' ? refuse('unknown key') : fine
  const problem = typeProblem(value, field, options)
  if (problem !== undefined) return refuse(problem)
  if (field.type !== 'enum' || isOption(value, field)) return fine
  return refuse(`value not in allowed options ${optionList(field)}`)
}

/** Longest text of a refusal: a batch has many, and each quotes what the creator of the schema wrote. */
const maxMessage = 1000

function refuse(message: string): Verdict {
  if (message.length <= maxMessage) return { ok: false, message }
  return { ok: false, message: `${message.slice(0, maxMessage)}…` }
}

function typeProblem(value: unknown, field: Field, options: ValidateOptions): string | undefined {
  const answer = options.validator
    ? options.validator(value, field.type, field)
    : hasType(value, field.type, field, options.strictArrays ?? false)
  if (typeof answer === 'string') return answer
  return answer ? undefined : `type mismatch, expected ${field.type}`
}

type Rule = (value: unknown) => boolean

const isString: Rule = (value) => typeof value === 'string'
// JSON.parse makes 3 and 3.0 equal; past 2^53 a number is no longer the one that was sent.
const isWhole: Rule = (value) => Number.isSafeInteger(value)
const isNumber: Rule = (value) => typeof value === 'number' && Number.isFinite(value)
const isBoolean: Rule = (value) => typeof value === 'boolean'
const isDatetime: Rule = (value) => typeof value === 'string' && startsLikeDatetime.test(value)
const startsLikeDatetime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}/

const rules = new Map<string, Rule>([
  ['string', isString],
  ['str', isString],
  ['int', isWhole],
  ['integer', isWhole],
  ['float', isNumber],
  ['number', isNumber],
  ['bool', isBoolean],
  ['boolean', isBoolean],
  ['datetime', isDatetime],
])

/** True when a value fits a type of the table; a type that is not in it takes any value. */
function hasType(value: unknown, type: string, field: Field, strictArrays: boolean): boolean {
  if (!type.startsWith('array')) return rules.get(type)?.(value) ?? true
  if (!Array.isArray(value)) return false
  const element = /^array<(.*)>$/.exec(type)?.[1]
  if (!strictArrays || element === undefined) return true
  return value.every((each) => fitsElement(each, element, field))
}

function fitsElement(value: unknown, type: string, field: Field): boolean {
  return type === 'enum' ? isOption(value, field) : hasType(value, type, field, true)
}

function isOption(value: unknown, field: Field): boolean {
  return field.options.length === 0 || field.options.some((option) => isSameJson(option.value, value))
}

// The options of a large schema are not written out anew for every action of a batch.
const optionLists = new WeakMap<Field, string>()

function optionList(field: Field): string {
  const known = optionLists.get(field)
  if (known !== undefined) return known
  const list = JSON.stringify(field.options.map((option) => option.value))
  const kept = list.length > maxMessage ? list.slice(0, maxMessage) : list
  optionLists.set(field, kept)
  return kept
}
