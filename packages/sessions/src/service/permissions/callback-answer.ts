import type { PermissionCallbackResponse } from '../../protocol/index.js'
import { permissionsStreamOf, streamOf } from '../intake/streams.js'
import type { PermissionsParts } from './parts.js'
import { cancelledOption } from './request.js'

/** What a host that called back is told of its request: waits while a handler is asked (section 4.2). */
export async function callbackAnswer(
  parts: PermissionsParts,
  sessionId: string,
  requestId: string,
  signal: AbortSignal,
): Promise<PermissionCallbackResponse> {
  const { log } = parts.ground
  let wake = () => {}
  let hasMoved = false
  const ring = () => {
    hasMoved = true
    wake()
  }
  // A request is settled with an event on the one, and shown with an event on the other.
  const stops = [permissionsStreamOf(sessionId), streamOf(sessionId)].map((stream) =>
    log.tap(stream, { events: ring, missed: ring }),
  )
  signal.addEventListener('abort', ring)
  try {
    for (;;) {
      hasMoved = false
      const answer = await answerNow(parts, sessionId, requestId)
      if (answer) return answer
      signal.throwIfAborted()
      if (!hasMoved) await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    signal.removeEventListener('abort', ring)
    for (const stop of stops) stop()
  }
}

/** Undefined while a handler is asked. */
async function answerNow(
  { store, decisions }: PermissionsParts,
  sessionId: string,
  requestId: string,
): Promise<PermissionCallbackResponse | undefined> {
  const row = await store.permissions.find(sessionId, requestId)
  if (row?.state === 'deciding') return undefined
  if (row?.state !== 'settled') return { deferred: true }
  const decision = await decisions.find(row.decisionId)
  const option = decision?.state === 'answered' ? decision.answer.option : undefined
  return option === undefined || option === cancelledOption ? { outcome: 'cancelled' } : { optionId: option }
}
