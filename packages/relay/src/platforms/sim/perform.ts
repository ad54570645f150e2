import { slidingLog } from '@parley/kernel/limits'
import type { PlatformAction, PlatformResult } from '../port.js'
import { act } from './act.js'
import { deferred } from './deferred.js'
import type { Sim } from './sim.js'

export type Perform = (action: PlatformAction, options: { signal: AbortSignal }) => Promise<PlatformResult>

/** What is not counted: platforms limit it elsewhere, or not at all. */
const uncounted = new Set<PlatformAction['op']>(['typing'])

/** Calls as the platform answers them: with its rates, and with what goes wrong on purpose. */
export function createPerform(sim: Sim): Perform {
  const { faults, clock, limits } = sim
  // One more than a careful caller uses: what it has paced arrives here a little closer together.
  const usual = slidingLog({ limit: limits.chatRate.calls + 1, windowMs: limits.chatRate.perMs, clock })
  const chosen = slidingLog({ limit: 1, windowMs: 1_000, clock })

  const take = (action: PlatformAction) => {
    if (uncounted.has(action.op)) return { ok: true } as const
    const key = action.op === 'follow_up' ? 'follow_up' : action.chat_id
    const { callsPerSecond } = faults.current
    return callsPerSecond > 0 ? chosen.take(key, Math.max(1, callsPerSecond)) : usual.take(key)
  }

  return async (action, { signal }) => {
    const isReady = await sim.feed.ready().then(
      () => !sim.feed.isStopped,
      () => false,
    )
    if (!isReady) return { outcome: 'failed', error: 'the simulated platform was stopped' }
    if (signal.aborted) return { outcome: 'failed', error: 'it was given up before it began' }
    if (faults.current.outage) return { outcome: 'failed', error: 'the platform is down' }
    const verdict = take(action)
    if (!verdict.ok) return { outcome: 'limited', retryAfterMs: verdict.retryAfter * 1_000 }
    const result = await orGivenUp(faultless(sim, action), signal)
    if (result.outcome === 'done' && faults.happens(faults.current.ambiguousShare))
      return { outcome: 'ambiguous', error: 'the platform did not answer' }
    return result
  }
}

async function faultless(sim: Sim, action: PlatformAction): Promise<PlatformResult> {
  try {
    return await act(sim, action)
  } catch (error) {
    sim.onFault(error, 'simulator: perform')
    // The log does not tell whether a commit that rejected was done.
    return { outcome: 'ambiguous', error: 'the platform broke down' }
  }
}

/** Once begun, nobody knows what becomes of it when it is given up. */
async function orGivenUp(call: Promise<PlatformResult>, signal: AbortSignal): Promise<PlatformResult> {
  const { promise: givenUp, resolve } = deferred<PlatformResult>()
  const giveUp = () => resolve({ outcome: 'ambiguous', error: 'the platform took too long' })
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([call, givenUp])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
