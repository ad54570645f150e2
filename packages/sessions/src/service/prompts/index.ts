import { isParleyError } from '@parley/kernel/errors'
import type { StoredEvent } from '@parley/kernel/log'
import type { Principal } from '@parley/kernel/principal'
import { sessionsErrors } from '../../errors.js'
import {
  type PromptResult,
  type QueuedPromptResponse,
  type RpcData,
  sessionEvents,
} from '../../protocol/index.js'
import type { SessionRow } from '../../store/port.js'
import { isSuccess, textOf } from '../answers.js'
import { liveSession } from '../gate.js'
import { streamOf } from '../intake/streams.js'
import type { PromptOptions, PromptsDeps } from './deps.js'
import { assertText, isPromptNotFound, promptNotFound, type Submitted, submit } from './submit.js'
import { headOf, lookBack, turnEnd } from './turn.js'

export type { PromptOptions, PromptsDeps } from './deps.js'

type Said = { text: string; signal?: AbortSignal }

/** Resolves when the turn is over, or at once when the prompt was queued. A signal ends the waiting, not the turn. */
export async function prompt(
  deps: PromptsDeps,
  by: Principal,
  id: string,
  said: Said,
): Promise<PromptResult | QueuedPromptResponse> {
  assertText(said.text)
  return await promptSession(deps, await sessionFor(deps, by, id), { ...said, by })
}

/** The same for a session that the caller has looked up. */
export async function promptSession(
  deps: PromptsDeps,
  session: SessionRow,
  options: PromptOptions,
): Promise<PromptResult | QueuedPromptResponse> {
  assertText(options.text)
  const { log } = deps.ground
  // From before it is sent: the turn may be over before the host's answer is here.
  const after = await headOf(log, session.id)
  const submitted = await submit(deps, session, options)
  if (submitted.kind === 'queued') return submitted.queued
  if (submitted.kind === 'done') return submitted.result
  const { turnId } = submitted
  const signal = options.signal ?? new AbortController().signal
  // A repeated key answers with the turn of the first time.
  const since = options.key === undefined ? after : Math.max(0, after - lookBack)
  return await turnEnd(log, session.id, { turnId, after: since, signal })
}

/** Resolves when the host has taken it; what comes of it are events. */
export async function sendPrompt(
  deps: PromptsDeps,
  by: Principal,
  id: string,
  text: string,
): Promise<{ accepted: true } | QueuedPromptResponse> {
  assertText(text)
  const session = await sessionFor(deps, by, id)
  const submitted = submit(deps, session, { text, by })
  // Hosts that are reached by URL may answer when the turn is over: its begin is enough.
  const taken = session.hostId === null ? await takenOrBegun(deps, session, submitted) : await submitted
  return taken?.kind === 'queued' ? taken.queued : { accepted: true }
}

/** Undefined when a turn began before the host answered. */
async function takenOrBegun(
  { ground, onFault }: PromptsDeps,
  session: SessionRow,
  submitted: Promise<Submitted>,
): Promise<Submitted | undefined> {
  let isBegun = false
  let stop = () => {}
  const begun = new Promise<undefined>((resolve) => {
    stop = ground.log.tap(streamOf(session.id), {
      events: (events) => {
        if (!events.some(isTurnBegin)) return
        isBegun = true
        resolve(undefined)
      },
    })
  })
  // A refusal that comes later is an event of the session.
  submitted.catch((error: unknown) => isBegun && !isParleyError(error) && onFault(error, 'sessions.prompt'))
  try {
    return await Promise.race([submitted, begun])
  } finally {
    stop()
  }
}

function isTurnBegin({ type, body }: StoredEvent): boolean {
  if (type !== sessionEvents.rpc || !body.includes('"session/prompt"')) return false
  // The cast: the intake wrote it.
  const { data } = JSON.parse(body) as { data: RpcData }
  return data.method === 'session/prompt' && data.phase === 'request'
}

/** Throws `noTurn` when none is running. */
export async function cancelTurn(deps: PromptsDeps, by: Principal, id: string): Promise<void> {
  const session = await liveSession(deps, by, id)
  const answer = await deps.router.session(session, { method: 'POST', path: '/cancel', body: {} })
  if (isSuccess(answer)) return
  const message = textOf(answer)
  if (answer.status === 409) throw sessionsErrors.noTurn()
  if (answer.status === 404) throw sessionsErrors.sessionNotFound()
  if (answer.status === 503) throw sessionsErrors.hostNotConnected({ message, retryAfter: 5 })
  throw sessionsErrors.internal({ message: `Cancel failed (${answer.status}): ${message}` })
}

async function sessionFor(deps: PromptsDeps, by: Principal, id: string): Promise<SessionRow> {
  try {
    return await liveSession(deps, by, id)
  } catch (error) {
    throw isPromptNotFound(error) ? promptNotFound() : error
  }
}
