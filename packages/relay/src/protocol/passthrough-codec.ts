import { isJsonObject } from '@parley/kernel/wire'
import { decodeBase64, encodeBase64 } from './base64.js'
import type { PassthroughForward, PassthroughWire } from './passthrough.js'

/** A forward as it stands in a frame (contract 6.2). The body's bytes arrive as they are. */
export function encodePassthrough({ body, ...forward }: PassthroughForward): PassthroughWire {
  return { ...forward, bodyB64: encodeBase64(body) }
}

/** Never throws: what is missing is empty, and a body that is no base64 is an empty one. */
export function decodePassthrough(wire: unknown): PassthroughForward {
  const value = isJsonObject(wire) ? wire : {}
  const profile = textOf(value.profile)
  return {
    platform: textOf(value.platform),
    botId: textOf(value.botId),
    method: textOf(value.method),
    path: textOf(value.path),
    headers: Array.isArray(value.headers) ? value.headers.filter(isPair) : [],
    body: decodeBase64(textOf(value.bodyB64)) ?? new Uint8Array(),
    ...(profile && { profile }),
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
}
