import { HTTPException } from 'hono/http-exception'
import { isParleyError, kernelErrors, type ParleyError, toProblem } from '../errors/index.js'
import { type AnswerHeaders, jsonResponse } from './answers.js'

/** What leaves the building, and, for a bug or a broken dependency, what stays inside. */
export type Refusal = { refusal: ParleyError; fault?: unknown }

/** Sorts what was thrown: a refusal travels as it is, everything else becomes `kernel.internal` and a fault to log. */
export function toRefusal(error: unknown): Refusal {
  if (isParleyError(error)) return { refusal: error }
  if (error instanceof HTTPException && error.status < 500) return { refusal: fromHttpException(error) }
  return { refusal: kernelErrors.internal(), fault: error }
}

// Hono's own validators and body readers throw these.
function fromHttpException(error: HTTPException): ParleyError {
  if (error.status === 413) return kernelErrors.bodyTooLarge({ cause: error })
  if (/malformed json/i.test(error.message)) return kernelErrors.malformedJson({ cause: error })
  return kernelErrors.invalidRequest({ cause: error })
}

/** The problem answer of our own routes (`/parley/v1`). A fault shows as `kernel.internal` and nothing else. */
export function problemResponse(error: unknown, requestId: string, extraHeaders?: AnswerHeaders): Response {
  const { refusal } = toRefusal(error)
  return jsonResponse(refusal.status, toProblem(refusal, requestId), {
    ...retryHeader(refusal),
    ...extraHeaders,
  })
}

/** `Retry-After` in whole seconds, when the refusal says so. */
export function retryHeader({ retryAfter }: ParleyError): AnswerHeaders {
  return retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }
}
