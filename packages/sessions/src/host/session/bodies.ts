// Bodies of the requests of section 4, checked.

import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import type { PermissionResponseBody } from '../../protocol/index.js'
import { HostError } from '../errors.js'

export function objectOf(body: unknown): JsonObject {
  if (!isJsonObject(body)) throw new HostError(400, 'Invalid JSON body')
  return body
}

/** The text of a prompt. Refuses with 400 a missing one and with 413 one that is too long. */
export function promptOf(body: unknown, maxBytes: number): string {
  const text = isJsonObject(body) ? body.text : undefined
  if (typeof text !== 'string' || text === '') throw new HostError(400, "Missing 'text' field")
  if (Buffer.byteLength(text) > maxBytes)
    throw new HostError(413, `Prompt is too long (max ${maxBytes} bytes)`)
  return text
}

/** With both members `optionId` counts. */
export function answerOf(body: unknown): PermissionResponseBody {
  const { optionId, outcome } = isJsonObject(body) ? body : {}
  if (typeof optionId === 'string') return { optionId }
  if (outcome === 'cancelled') return { outcome }
  throw new HostError(400, 'Missing optionId or outcome field')
}

export function orderOf(body: unknown): string[] {
  const order = isJsonObject(body) ? body.order : undefined
  if (!Array.isArray(order) || !order.every((id) => typeof id === 'string'))
    throw new HostError(400, "Missing 'order' array")
  return order
}

export function autoApproveOf(body: unknown): boolean {
  const isOn = isJsonObject(body) ? body.autoApprovePermissions : undefined
  if (typeof isOn !== 'boolean') throw new HostError(400, "'autoApprovePermissions' must be true or false")
  return isOn
}
