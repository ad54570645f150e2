import assert from 'node:assert/strict'
import type { Answer } from './http.js'

/** Thrown by a check that cannot be asked of this server; the report says `n/a` with the reason. */
export class NotApplicable extends Error {}

/** True for a JSON object: not null, not an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object inside a 200 answer. The type is a promise of the contract, held by what a check compares. */
export function ok<T extends object = Record<string, unknown>>(answer: Answer): T {
  assert.equal(answer.status, 200, `status ${answer.status}: ${clip(answer.text)}`)
  assert.ok(isObject(answer.json), `not a JSON object: ${clip(answer.text)}`)
  return answer.json as T
}

/** Asserts an error answer of the protocol: the status, a JSON type, and exactly this text in `error`. */
export function refused(answer: Answer, status: number, text: string | RegExp): void {
  assert.equal(answer.status, status, `status ${answer.status}: ${clip(answer.text)}`)
  assertErrorBody(answer)
  const error = (answer.json as { error: string }).error
  if (typeof text === 'string') assert.equal(error, text)
  else assert.match(error, text)
}

/** Asserts any refusal: 4xx, and a JSON object with a text in `error`. */
export function refusedSomehow(answer: Answer): void {
  assert.ok(answer.status >= 400 && answer.status < 500, `status ${answer.status}: ${clip(answer.text)}`)
  assertErrorBody(answer)
}

/** Asserts the shape every error body has. */
export function assertErrorBody(answer: Answer): void {
  assert.match(String(answer.headers['content-type']), /^application\/json/, 'content type of an error')
  assert.ok(isObject(answer.json), `error body is not an object: ${clip(answer.text)}`)
  assert.equal(typeof answer.json.error, 'string', `no error text: ${clip(answer.text)}`)
}

/** Asserts that an object has at least these members. */
export function hasMembers(value: object, names: readonly string[]): void {
  const absent = names.filter((name) => !Object.hasOwn(value, name))
  assert.deepEqual(absent, [], `absent members of ${clip(JSON.stringify(value))}`)
}

/** The first part of a text, for messages. */
export function clip(text: string, length = 200): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
