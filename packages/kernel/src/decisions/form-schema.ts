// A small validator for the forms that people fill in: flat objects of texts, numbers, yes or no, and lists of texts.
// Keywords that it does not know are ignored, as JSON Schema wants it.
import { isFormat } from './formats.js'
import { isPattern, type Match, matchAll, maxMatchedLength, maxPatternLength } from './patterns.js'

/**
 * JSON Schema of a flat object. Known: `properties`, `required`, `additionalProperties` (`false` or not), and of a
 * property `type`, `enum`, `minLength`, `maxLength`, `pattern`, `format` (`email`, `date`, `uri`), `minimum`, `maximum`,
 * and for a list `items` (one level), `minItems`, `maxItems`.
 */
export type FormSchema = Readonly<Record<string, unknown>>

/** One thing that is wrong. `path` is the name of the property (`tags[1]` for an item), empty for the whole. */
export type FormProblem = { path: string; message: string }

/** More problems than this are not looked for. */
export const maxFormProblems = 100
/** Items of a list, whatever its schema says. */
export const maxListItems = 1000

/** What is wrong with the values; an empty list when they satisfy the schema. Takes bounded time whatever the patterns. */
export function formProblems(schema: FormSchema, values: unknown): FormProblem[] {
  if (!isObject(values)) return [{ path: '', message: 'The values have to be an object.' }]
  const check = new Check()
  checkRequired(check, schema, values)
  for (const [name, value] of Object.entries(values)) {
    if (check.isFull) break
    const property = own(schema.properties, name)
    if (property !== undefined) checkValue(check, name, property, value)
    else if (schema.additionalProperties === false) check.add(name, 'is not part of the form.')
  }
  return check.end()
}

/** What is wrong with a schema itself: values could never be checked against it. */
export function schemaProblems(schema: unknown): FormProblem[] {
  if (!isObject(schema)) return [{ path: '', message: 'A form has to be a JSON Schema object.' }]
  if (schema.type !== undefined && schema.type !== 'object')
    return [{ path: '', message: 'A form has to be of type object.' }]
  if (schema.properties !== undefined && !isObject(schema.properties))
    return [{ path: 'properties', message: 'has to be an object.' }]
  const patterned = Object.entries(schema.properties ?? {}).filter(([, property]) => hasBadPattern(property))
  const message = `has a pattern that does not compile or is longer than ${maxPatternLength} characters.`
  return patterned.slice(0, maxFormProblems).map(([path]) => ({ path, message }))
}

/** Collects problems, and the patterns, which are matched together at the end. */
class Check {
  readonly #problems: FormProblem[] = []
  readonly #matches: (Match & { path: string })[] = []

  get isFull(): boolean {
    return this.#problems.length >= maxFormProblems
  }

  add(path: string, message: string): void {
    if (!this.isFull) this.#problems.push({ path, message })
  }

  addUnless(isFine: boolean, path: string, message: string): void {
    if (!isFine) this.add(path, message)
  }

  match(path: string, pattern: string, text: string): void {
    const isShort = text.length <= maxMatchedLength && pattern.length <= maxPatternLength
    if (isShort) this.#matches.push({ path, pattern, text })
    else this.add(path, 'is too long to be checked against its pattern.')
  }

  end(): FormProblem[] {
    const results = matchAll(this.#matches.map(({ pattern, text }) => ({ pattern, text })))
    for (const [index, { path }] of this.#matches.entries())
      if (!results) this.add(path, 'could not be checked against its pattern in time.')
      else this.addUnless(results[index] === true, path, 'does not have the expected form.')
    return this.#problems
  }
}

function checkRequired(check: Check, schema: FormSchema, values: Record<string, unknown>): void {
  if (!Array.isArray(schema.required)) return
  for (const name of schema.required)
    if (typeof name === 'string') check.addUnless(Object.hasOwn(values, name), name, 'is missing.')
}

function checkValue(check: Check, path: string, property: unknown, value: unknown): void {
  if (!isObject(property) || !checkScalar(check, path, property, value)) return
  if (!Array.isArray(value)) return
  const { minItems, items } = property
  const maxItems = Math.min(isNumber(property.maxItems) ? property.maxItems : maxListItems, maxListItems)
  if (isNumber(minItems)) check.addUnless(value.length >= minItems, path, `needs at least ${minItems} items.`)
  check.addUnless(value.length <= maxItems, path, `takes at most ${maxItems} items.`)
  // Lists of texts: items are not looked into any deeper, so nothing recurses.
  const item = { type: 'string', ...(isObject(items) && items) }
  for (const [index, each] of value.slice(0, maxItems).entries()) {
    if (check.isFull) return
    checkScalar(check, `${path}[${index}]`, item, each)
  }
}

/** False when the type is wrong already: the rest would only repeat it. */
function checkScalar(check: Check, path: string, property: FormSchema, value: unknown): boolean {
  if (!hasType(property.type, value)) {
    check.add(path, `has to be of type ${[property.type].flat().join(' or ')}.`)
    return false
  }
  if (Array.isArray(property.enum))
    check.addUnless(property.enum.includes(value), path, 'is not one of the choices.')
  if (typeof value === 'string') checkText(check, path, property, value)
  if (typeof value === 'number') checkNumber(check, path, property, value)
  return true
}

function checkText(check: Check, path: string, property: FormSchema, text: string): void {
  const { minLength, maxLength, format, pattern } = property
  // Characters as people count them more or less: code points.
  const length = isNumber(minLength) || isNumber(maxLength) ? Array.from(text).length : 0
  if (isNumber(minLength))
    check.addUnless(length >= minLength, path, `needs at least ${minLength} characters.`)
  if (isNumber(maxLength))
    check.addUnless(length <= maxLength, path, `takes at most ${maxLength} characters.`)
  if (typeof format === 'string') check.addUnless(isFormat(format, text), path, `is not a valid ${format}.`)
  if (typeof pattern === 'string') check.match(path, pattern, text)
}

function checkNumber(check: Check, path: string, { minimum, maximum }: FormSchema, value: number): void {
  if (isNumber(minimum)) check.addUnless(value >= minimum, path, `has to be at least ${minimum}.`)
  if (isNumber(maximum)) check.addUnless(value <= maximum, path, `has to be at most ${maximum}.`)
}

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: isNumber,
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: isObject,
  null: (value) => value === null,
}

function hasType(type: unknown, value: unknown): boolean {
  return Array.isArray(type) ? type.some((each) => isOfType(each, value)) : isOfType(type, value)
}

/** A type that is unknown here is not checked. */
function isOfType(type: unknown, value: unknown): boolean {
  if (typeof type !== 'string' || !Object.hasOwn(types, type)) return true
  return types[type]!(value)
}

function hasBadPattern(property: unknown): boolean {
  if (!isObject(property)) return false
  const items = isObject(property.items) ? property.items : {}
  return [property, items].some(({ pattern }) => pattern !== undefined && !isPattern(pattern))
}

function own(object: unknown, name: string): unknown {
  return isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
