import type { DirectAnswer } from '../intake/plan.js'
import type { PermissionsDeps } from './parts.js'

const pausesMs = [1_000, 5_000]

/** Brings an answer to a host that is reached by URL; tries three times. Never throws. */
export async function tellHostDirectly(
  { router, ground, onFault }: PermissionsDeps,
  { session, request, body }: DirectAnswer,
  signal: AbortSignal,
): Promise<void> {
  const path = `/permissions/${encodeURIComponent(request.requestId)}`
  for (let attempt = 0; ; attempt++) {
    const failure = await router
      .session(session, { method: 'POST', path, body, key: `permission:${request.decisionId}` })
      // 404: somebody answered there.
      .then(({ status }) => (status < 500 ? undefined : new Error(`The host answered ${status}.`)))
      .catch((error: unknown) => error)
    if (failure === undefined || signal.aborted) return
    const pauseMs = pausesMs[attempt]
    if (pauseMs === undefined) return onFault(failure, 'sessions.permissions')
    await ground.clock.sleep(pauseMs, signal).catch(() => undefined)
  }
}
