import { isJsonObject, type JsonObject } from '@parley/kernel/wire'
import type { ChatInfo, OutboundResult } from './actions.js'

type Success = Extract<OutboundResult, { success: true }>
type Failure = Extract<OutboundResult, { success: false }>

/**
 * A result off the wire (contract 2.9). What can't be read is ambiguous: something may have been done. An answer to
 * `get_chat_info` comes without `success`, in either of its two forms.
 */
export function readResult(value: unknown): OutboundResult {
  if (!isJsonObject(value)) return unreadable()
  const info = infoOf(value)
  if (value.success === true || (value.success === undefined && info)) return success(value, info)
  return value.success === false ? failure(value) : unreadable()
}

/** The target was refused (contract 5.10). Never try another way to the same target. */
export function isDeclined(result: OutboundResult): boolean {
  if (result.success || result.ambiguous) return false
  return result.code === 'egress_declined' || result.error.toLowerCase().includes('egress declined:')
}

/** What is known of a chat, with the defaults of contract 5.5. */
export function chatInfoOf(result: OutboundResult, chatId: string): ChatInfo {
  const info = result.success ? result.chat_info : undefined
  return { ...info, name: info?.name || chatId, type: info?.type || 'dm' }
}

const unreadable = (): Failure => ({ success: false, error: 'malformed result', ambiguous: true })

function success(value: JsonObject, info: ChatInfo | undefined): Success {
  const result: Success = { success: true }
  for (const name of ['message_id', 'thread_id', 'auto_thread_name'] as const) {
    const text = textOf(value[name])
    if (text !== undefined) result[name] = text
  }
  if (info) result.chat_info = info
  return result
}

function failure(value: JsonObject): Failure {
  const error = typeof value.error === 'string' && value.error !== '' ? value.error : 'relay action failed'
  return {
    success: false,
    error,
    ...(value.ambiguous === true && { ambiguous: true }),
    ...(typeof value.code === 'string' && { code: value.code }),
  }
}

function infoOf(value: JsonObject): ChatInfo | undefined {
  const info = isJsonObject(value.chat_info) ? value.chat_info : plainInfo(value)
  return info && { ...info, name: textOf(info.name) ?? '', type: textOf(info.type) ?? '' }
}

function plainInfo(value: JsonObject): JsonObject | undefined {
  if (value.name === undefined && value.type === undefined) return undefined
  const { success: _, ...info } = value
  return info
}

// Ids are strings; a peer that sends a number means the same.
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return Number.isSafeInteger(value) ? String(value) : undefined
}
