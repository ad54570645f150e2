// Answers of hosts as values, and their refusals as errors.

import type { ParleyError } from '@parley/kernel/errors'
import type * as z from 'zod'
import { sessionsErrors } from '../../errors.js'
import type { HostResponse } from '../../protocol/index.js'
import { isSuccess, textOf } from '../answers.js'

/** What a host answered; throws what it refused with, and `sessions.runtime_failed` for what makes no sense. */
export function readAs<T>(schema: z.ZodType<T>, answer: HostResponse): T {
  if (!isSuccess(answer)) throw refusalOf(answer)
  const read = schema.safeParse(answer.body)
  if (read.success) return read.data
  throw sessionsErrors.runtimeFailed({ message: 'Invalid response from session-host', cause: read.error })
}

/** Throws what a host refused with. */
export function assertDone(answer: HostResponse): void {
  if (!isSuccess(answer)) throw refusalOf(answer)
}

const byStatus: Readonly<Record<number, (typeof sessionsErrors)[keyof typeof sessionsErrors]>> = {
  400: sessionsErrors.invalidRequest,
  403: sessionsErrors.forbidden,
  404: sessionsErrors.notFound,
  409: sessionsErrors.conflict,
  413: sessionsErrors.payloadTooLarge,
  429: sessionsErrors.tooMany,
  503: sessionsErrors.hostNotConnected,
}

function refusalOf(answer: HostResponse): ParleyError {
  const refuse = byStatus[answer.status] ?? sessionsErrors.runtimeFailed
  const message = textOf(answer)
  const retryAfter = Number(answer.headers?.['retry-after'])
  return refuse({ ...(message && { message }), ...(retryAfter > 0 && { retryAfter }) })
}
