import type { Clock } from '@parley/kernel/ids'
import type { PlatformAction, PlatformBot, PlatformResult } from '../../platforms/port.js'
import type { Turn } from './lane.js'
import type { Plan } from './render.js'

/** What became of a whole plan; `done` counts the steps that were. */
export type Outcome =
  | { outcome: 'done'; main: Done }
  | { outcome: 'refused' | 'ambiguous'; error: string; done: number }
  /** It was not to be done any more. */
  | { outcome: 'stopped'; done: number }
type Done = Extract<PlatformResult, { outcome: 'done' }>

/** How long a call may take: what takes longer may have been done. A driver that does not listen to its signal gets a little more. */
const callMs = 60_000
const deafMs = 5_000
const retryPausesMs = [1_000, 4_000, 16_000]
const pauseMs = { least: 250, most: 300_000 }

export type Calls = {
  clock: Clock
  bot: PlatformBot
  turn: Turn
  isFinal: boolean
  /** False: it is over. Called before each first and each repeated call. */
  begin(): Promise<boolean>
  /** Past it, what was not done is left. Milliseconds since 1970. */
  until: number
  /** Aborts when calls are to be left alone. */
  stopped: AbortSignal
  onFault(error: unknown): void
}

/** Makes the calls of a plan one after the other. The caller has the seat of the first one. */
export async function callAll(calls: Calls, plan: Plan): Promise<Outcome> {
  let main: Done = { outcome: 'done' }
  for (const [done, step] of plan.steps.entries()) {
    if (done > 0 && !(await isSeated(calls))) return { outcome: 'stopped', done }
    const result = await callUntilKnown(calls, step, done === 0)
    if (result === 'stopped') return { outcome: 'stopped', done }
    if (result.outcome !== 'done') return { ...result, done }
    if (done === plan.main) main = result
  }
  return { outcome: 'done', main }
}

type Known = Done | { outcome: 'refused' | 'ambiguous'; error: string } | 'stopped'

/** Tries again what is known not to have been done. */
async function callUntilKnown(calls: Calls, step: PlatformAction, isFirst: boolean): Promise<Known> {
  let failures = 0
  for (let isAgain = false; ; isAgain = true) {
    if (isAgain && !(await isSeated(calls))) return 'stopped'
    // The pieces after the first one are part of what is begun already.
    if ((isFirst || isAgain) && !(await calls.begin())) return 'stopped'
    const result = await callOnce(calls, step)
    if (result.outcome !== 'limited' && result.outcome !== 'failed') return result
    const isLimited = result.outcome === 'limited'
    const waitMs = isLimited ? limitedMs(result.retryAfterMs) : retryPausesMs[failures++]
    const isLate = calls.clock.now() + (waitMs ?? 0) > calls.until
    if (waitMs === undefined || isLate) return { outcome: 'refused', error: lastError(result) }
    calls.turn.pause(waitMs)
  }
}

/** False: the connector stops. */
const isSeated = ({ turn, isFinal }: Calls): Promise<boolean> =>
  turn.seat(isFinal).then(
    () => true,
    () => false,
  )

const limitedMs = (asked: number): number =>
  Math.min(pauseMs.most, Math.max(pauseMs.least, Number.isFinite(asked) ? asked : pauseMs.most))

const lastError = (result: Extract<PlatformResult, { outcome: 'limited' | 'failed' }>): string =>
  result.outcome === 'failed' ? result.error : 'the platform takes no more calls now'

async function callOnce(
  { clock, bot, stopped, onFault }: Calls,
  step: PlatformAction,
): Promise<PlatformResult> {
  const ending = new AbortController()
  const timers = [clock.after(callMs, () => ending.abort(new Error('platform timeout')))]
  const deaf = new Promise<PlatformResult>((resolve) => {
    const giveUp = (error: string) => resolve({ outcome: 'ambiguous', error })
    timers.push(clock.after(callMs + deafMs, () => giveUp('platform timeout')))
    const onStop = () => {
      ending.abort(stopped.reason)
      giveUp('the connector stopped in between')
    }
    if (stopped.aborted) onStop()
    else stopped.addEventListener('abort', onStop, { once: true })
    timers.push(() => stopped.removeEventListener('abort', onStop))
  })
  try {
    return await Promise.race([bot.perform(step, { signal: ending.signal }), deaf])
  } catch (error) {
    // A driver answers for its platform and never throws: nobody knows how far it came.
    onFault(error)
    return { outcome: 'ambiguous', error: 'internal error' }
  } finally {
    for (const stop of timers) stop()
  }
}
