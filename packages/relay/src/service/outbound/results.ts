import { isParleyError } from '@parley/kernel/errors'
import type { PlatformResult } from '../../platforms/port.js'
import type { OutboundResult } from '../../protocol/index.js'

// Answers of contract 5 and 2.9. Their member order is part of what "byte-identical" means (5.10).

type Failure = Extract<OutboundResult, { success: false }>

const longestError = 500

/** It was not done. */
export const failure = (error: string): Failure => ({ success: false, error: error.slice(0, longestError) })
/** It may have been done: whoever asked must not simply ask again. */
export const unsure = (error: string): Failure => ({ ...failure(error), ambiguous: true })

/** The one refusal of 5.10: the same bytes for a foreign target, for nobody's, and for a gateway that was revoked. */
export const declined = (platform: string): OutboundResult => ({
  success: false,
  code: 'egress_declined',
  error: `${platform} egress declined: target is not an approved destination for this connection`,
})

export const timedOut = unsure('platform timeout')
export const capabilityUnavailable = failure('capability unavailable')
export const notAdvertised = failure('target is not advertised on this connection')
export const botUnavailable = failure('bot unavailable')
export const unsupported = (op: string): OutboundResult => failure(`unsupported op: ${op.slice(0, 64)}`)
export const invalid = (field: string): OutboundResult => failure(`invalid action: ${field}`)
export const tooMany = failure('too many actions are waiting')
export const stopping = failure('not sent: the connector stopped')
export const waitedTooLong = failure('not sent: it waited too long for the platform')
const unavailable = failure('temporarily unavailable')

/** What a platform has done. */
export function success(done: Extract<PlatformResult, { outcome: 'done' }>): OutboundResult {
  const { messageId, threadId, autoThreadName } = done
  return {
    success: true,
    ...(messageId !== undefined && { message_id: messageId }),
    ...(threadId !== undefined && { thread_id: threadId }),
    ...(autoThreadName !== undefined && { auto_thread_name: autoThreadName }),
  }
}

/** A refusal's message may be shown; a fault is reported and says nothing. */
export function failureOf(error: unknown, onFault: (error: unknown) => void): Failure {
  if (isParleyError(error) && error.status < 500) return failure(error.message)
  onFault(error)
  return unavailable
}
