// How a refusal is written on the wire.
import { isParleyError, type ParleyError } from '@parley/kernel/errors'
import type { ErrorAck, ErrorBody } from './answers.js'

/** The codes of the contract. */
export type WireCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'invalid_request'
  | 'namespace_invalid'
  | 'namespace_mismatch'
  | 'conflict'
  | 'payload_too_large'
  | 'rate_limited'
  | 'recipient_not_member'
  | 'internal'

/** A refusal as the wire knows it. `retryAfter` in seconds. */
export type WireError = { status: number; code: WireCode; message: string; retryAfter?: number }

// Refusals whose code does not follow from their status.
const byCode: Readonly<Record<string, WireCode>> = {
  'threads.namespace_invalid': 'namespace_invalid',
  'threads.namespace_mismatch': 'namespace_mismatch',
  'threads.recipient_not_member': 'recipient_not_member',
}

const byStatus: Readonly<Record<number, WireCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'payload_too_large',
  429: 'rate_limited',
}

/** What anything thrown is on the wire. Faults are `internal`, without a word of what went wrong. */
export function toWireError(error: unknown): WireError {
  if (!isParleyError(error) || error.status === 500)
    return { status: 500, code: 'internal', message: 'internal error' }
  const { status, message, retryAfter } = error
  return { status, code: codeOf(error), message, ...(retryAfter !== undefined && { retryAfter }) }
}

// A status without a code of its own (405, 422) says that the request is wrong; from 500 on, that the server is.
function codeOf({ code, status }: ParleyError): WireCode {
  return byCode[code] ?? byStatus[status] ?? (status >= 500 ? 'internal' : 'invalid_request')
}

/** The body of a refusal over HTTP. `detail` is what clients of the original read. */
export function toErrorBody(code: WireCode, message: string): ErrorBody {
  return { detail: message, error: { code, message } }
}

/** The acknowledgement of a refusal over a socket. */
export function toErrorAck(code: WireCode, message: string): ErrorAck {
  return { error: { code, message } }
}

/** What a refused connection is told: a text that is the code or starts with it, and the code as data. */
export type ConnectRefusal = { message: string; data: { code: WireCode; message: string } }

/** The refusal of a connection. */
export function toConnectRefusal(code: WireCode, message: string): ConnectRefusal {
  return { message: message === code ? code : `${code}: ${message}`, data: { code, message } }
}
