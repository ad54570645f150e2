// Bodies of requests, checked with the exact texts of the contract. An absent body is `{}`.

import { isDeeperThan, isJsonObject, type JsonObject } from '@parley/kernel/wire'
import { handshakeErrors } from '../errors.js'
import type { Field } from './field.js'
import { isKey } from './key.js'
import { defaultLifetime, defaultLimits, type Limits, sizeProblem } from './limits.js'
import { parseSchema } from './schema.js'

// Far above any value that is accepted, far below what makes JSON.stringify overflow when it is echoed.
const deepestBody = 1000

/**
 * Reads a body. An empty text is `{}`. Throws `handshake.malformed_json`, `handshake.body_not_object` and,
 * for nesting that no request needs, `handshake.value_too_deep`.
 */
export function parseBody(text: string): JsonObject {
  if (text.trim() === '') return {}
  const body = parseJson(text)
  if (!isJsonObject(body)) throw handshakeErrors.bodyNotObject()
  if (isDeeperThan(body, deepestBody)) throw handshakeErrors.valueTooDeep()
  return body
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw handshakeErrors.malformedJson({ cause })
  }
}

/** What a create request asks for. `schema` is as sent, `fields` is the same for checking. */
export type CreateRequest = {
  mode: string
  schema: unknown[]
  fields: Field[]
  context: JsonObject
  data: JsonObject
  meta: JsonObject
  sealed: boolean
}

/** Reads a create request. `mode: null` is read as the default mode. Throws the 400s of creating. */
export function parseCreateRequest(body: JsonObject, limits: Limits = defaultLimits): CreateRequest {
  const { schema = [], context = {}, data = {}, meta = {}, sealed = false } = body
  const mode = body.mode ?? 'default'
  if (typeof mode !== 'string' || mode.includes('\0')) throw handshakeErrors.modeNotString()
  const fields = parseSchema(schema, limits)
  if (!isJsonObject(context)) throw handshakeErrors.contextNotObject()
  if (!isJsonObject(data)) throw handshakeErrors.dataNotObject()
  if (!isJsonObject(meta)) throw handshakeErrors.metaNotObject()
  if (typeof sealed !== 'boolean') throw handshakeErrors.sealedNotBoolean()
  for (const values of [context, data]) assertValues(values, limits)
  assertSize(meta, limits)
  // parseSchema has refused all but a list.
  return { mode, schema: schema as unknown[], fields, context, data, meta, sealed }
}

function assertValues(values: JsonObject, limits: Limits): void {
  const entries = Object.entries(values)
  if (entries.length > limits.keys) throw handshakeErrors.tooManyKeys()
  for (const [key, value] of entries) {
    if (!isKey(key, limits.keyChars)) throw handshakeErrors.invalidKey()
    assertSize(value, limits)
  }
}

function assertSize(value: unknown, limits: Limits): void {
  const problem = sizeProblem(value, limits)
  if (problem === 'value too large') throw handshakeErrors.valueTooLarge()
  if (problem === 'value too deep') throw handshakeErrors.valueTooDeep()
}

/** What an action request asks for. The elements are checked one by one, with `checkAction`. */
export type ActionRequest = { actions: unknown[]; stream: boolean; intervalMs: number }

/** Reads an action request. Throws the 400s of writing; a negative interval is 0. */
export function parseActionRequest(
  body: JsonObject,
  limits: Pick<Limits, 'actions'> = defaultLimits,
): ActionRequest {
  const { actions = [], stream = true, intervalMs = 300 } = body
  if (!Array.isArray(actions)) throw handshakeErrors.actionsNotArray()
  if (typeof intervalMs !== 'number') throw handshakeErrors.intervalNotNumber()
  if (actions.length > limits.actions) throw handshakeErrors.tooManyActions()
  return { actions, stream: Boolean(stream), intervalMs: Math.max(0, intervalMs) }
}

/** A user edit. */
export type EditRequest = { key: string; value: unknown }

/** Reads the body of a user edit. An absent value is null. Throws the 400s of keys and sizes. */
export function parseEditRequest(body: JsonObject, limits: Limits = defaultLimits): EditRequest {
  const { key, value = null } = body
  if (key === undefined || key === null) throw handshakeErrors.keyRequired()
  if (!isKey(key, limits.keyChars)) throw handshakeErrors.invalidKey()
  assertSize(value, limits)
  return { key, value }
}

/**
 * Reads the seconds of an extend request: a finite number (its fraction is cut off) or a string of decimal
 * digits, 1 to 86400; 1800 when absent. Throws `handshake.extra_seconds_out_of_range`.
 */
export function parseExtendRequest(body: JsonObject): { extraSeconds: number } {
  const asked = body.extraSeconds === undefined ? defaultLifetime.extendSeconds : body.extraSeconds
  const extraSeconds = Math.trunc(toNumber(asked))
  if (extraSeconds >= 1 && extraSeconds <= defaultLifetime.maxExtendSeconds) return { extraSeconds }
  throw handshakeErrors.extraSecondsOutOfRange()
}

function toNumber(value: unknown): number {
  if (typeof value === 'string') return /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  return typeof value === 'number' ? value : Number.NaN
}

/** What a claim says of the claimant. Empty texts when it says nothing. */
export type ClaimRequest = { nonce?: string; label: string; agent: string }

/** Reads the body of a claim. Labels lose control characters and all past 80. Throws `handshake.nonce_invalid`. */
export function parseClaimRequest(body: JsonObject): ClaimRequest {
  const { nonce } = body
  const texts = { label: shortText(body.label), agent: shortText(body.agent) }
  if (nonce === undefined || nonce === null) return texts
  if (typeof nonce !== 'string' || !/^[A-Za-z0-9_-]{22,128}$/.test(nonce))
    throw handshakeErrors.nonceInvalid()
  return { nonce, ...texts }
}

function shortText(value: unknown): string {
  if (typeof value !== 'string') return ''
  const clean = value.slice(0, 400).replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
  return Array.from(clean.trim()).slice(0, 80).join('')
}
