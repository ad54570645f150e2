// Reads the schemas that a form can be drawn for: flat objects of simple properties. Everything else is answered as JSON.
import { isJsonObject, type JsonObject } from '@parley/threads/protocol'

export type Scalar = string | number | boolean
export type Choice = { value: Scalar; title: string }

type Common = { name: string; title: string; description: string | undefined; isRequired: boolean }

export type TextField = Common & {
  kind: 'text'
  format: string | undefined
  minLength: number | undefined
  maxLength: number | undefined
  pattern: string | undefined
  initial: string | undefined
}
export type NumberField = Common & {
  kind: 'number'
  isInteger: boolean
  minimum: number | undefined
  maximum: number | undefined
  initial: number | undefined
}
export type BooleanField = Common & { kind: 'boolean'; initial: boolean }
export type ChoiceField = Common & { kind: 'choice'; choices: Choice[]; initial: Scalar | undefined }
export type ChoicesField = Common & {
  kind: 'choices'
  choices: Choice[]
  minItems: number
  initial: readonly unknown[]
}

export type Field = TextField | NumberField | BooleanField | ChoiceField | ChoicesField

// LIMIT: a form with more than this is no form that a person fills.
const maxFields = 100
const maxChoices = 500

/** The fields of a schema in their order, or undefined for a schema that is not flat and simple. */
export function fieldsOf(schema: JsonObject): Field[] | undefined {
  const { type, properties, required } = schema
  if ((type !== undefined && type !== 'object') || !isJsonObject(properties)) return undefined
  if (compositions.some((word) => word in schema)) return undefined
  const mandatory = new Set(Array.isArray(required) ? required : [])
  const entries = Object.entries(properties)
  if (entries.length === 0 || entries.length > maxFields) return undefined
  const fields = entries.map(([name, property]) =>
    isJsonObject(property) ? fieldOf(property, commonOf(name, property, mandatory.has(name))) : undefined,
  )
  return fields.every((field) => field !== undefined) ? fields : undefined
}

const compositions = [
  '$ref',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'patternProperties',
  'dependentRequired',
]

function commonOf(name: string, property: JsonObject, isRequired: boolean): Common {
  return {
    name,
    title: textOf(property.title) || name,
    description: textOf(property.description),
    isRequired,
  }
}

function fieldOf(property: JsonObject, common: Common): Field | undefined {
  const { type, default: initial } = property
  const choices = choicesOf(property)
  if (choices) return { ...common, kind: 'choice', choices, initial: isScalar(initial) ? initial : undefined }
  switch (type) {
    case 'string':
      return textField(property, common)
    case 'number':
    case 'integer':
      return {
        ...common,
        kind: 'number',
        isInteger: type === 'integer',
        minimum: numberOf(property.minimum),
        maximum: numberOf(property.maximum),
        initial: numberOf(initial),
      }
    case 'boolean':
      return { ...common, kind: 'boolean', initial: initial === true }
    case 'array':
      return choicesField(property, common)
    default:
      return undefined
  }
}

function textField(property: JsonObject, common: Common): TextField {
  return {
    ...common,
    kind: 'text',
    format: textOf(property.format),
    minLength: numberOf(property.minLength),
    maxLength: numberOf(property.maxLength),
    pattern: textOf(property.pattern),
    initial: textOf(property.default),
  }
}

function choicesField(property: JsonObject, common: Common): ChoicesField | undefined {
  const { items, minItems, default: initial } = property
  const choices = isJsonObject(items) ? choicesOf(items) : undefined
  if (!choices) return undefined
  return {
    ...common,
    kind: 'choices',
    choices,
    minItems: numberOf(minItems) ?? 0,
    initial: Array.isArray(initial) ? initial : [],
  }
}

/** `enum`, with `enumNames` as titles, or `oneOf` / `anyOf` of constants with titles. */
function choicesOf(property: JsonObject): Choice[] | undefined {
  const { enum: values, enumNames: titles, oneOf, anyOf } = property
  const options = oneOf ?? anyOf
  const found = Array.isArray(values)
    ? values.map((value, at) => choiceOf(value, Array.isArray(titles) ? titles[at] : undefined))
    : Array.isArray(options)
      ? options.map((one) => (isJsonObject(one) ? choiceOf(one.const, one.title) : undefined))
      : []
  if (found.length === 0 || found.length > maxChoices) return undefined
  if (!found.every((choice) => choice !== undefined)) return undefined
  return [...new Map(found.map((choice) => [choice.value, choice])).values()]
}

function choiceOf(value: unknown, title: unknown): Choice | undefined {
  return isScalar(value) ? { value, title: textOf(title) || String(value) } : undefined
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
