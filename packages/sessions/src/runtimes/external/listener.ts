// Follows every live session of a host that is reached by URL, so that what happens there is stored here.

import type { Clock } from '@parley/kernel/ids'
import { sessionEvents, type WireEvent } from '../../protocol/index.js'
import type { FedSession, HeldFeed } from '../port.js'
import { ask, healthPath } from './ask.js'
import { type ConnectionEnd, followOnce } from './connection.js'
import type { HostHttp } from './host-http.js'

export type ListenerOptions = {
  feed: HeldFeed
  http: Pick<HostHttp, 'call'>
  /** Where to follow a session, of what its host said at the start; undefined: nowhere. */
  socketOf(websocketUrl: string): string | undefined
  token: string | undefined
  clock: Clock
  onFault(error: unknown, where: string): void
}

const [firstPauseMs, maxPauseMs, probeEveryMs, lostAfterMs] = [1_000, 30_000, 30_000, 5 * 60_000]

/** Follows until `signal` aborts; begins with new sessions as they come. */
export async function followSessions(options: ListenerOptions, signal: AbortSignal): Promise<void> {
  const followers = new Map<string, { done: Promise<void>; stop: AbortController }>()
  try {
    while (!signal.aborted) {
      const sessions = await options.feed.sessions()
      const ids = new Set(sessions.map(({ sessionId }) => sessionId))
      for (const [id, { stop }] of followers) if (!ids.has(id)) stop.abort()
      for (const session of sessions) {
        const url = options.socketOf(session.websocketUrl)
        if (url === undefined || followers.has(session.sessionId)) continue
        const stop = new AbortController()
        const done = followSession(options, { ...session, url }, AbortSignal.any([signal, stop.signal]))
          .catch((error) => options.onFault(error, 'sessions.external'))
          .finally(() => followers.delete(session.sessionId))
        followers.set(session.sessionId, { done, stop })
      }
      await options.feed.changed(signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    for (const { stop } of followers.values()) stop.abort()
    await Promise.all([...followers.values()].map(({ done }) => done))
  }
}

/** Follows one session, connection after connection, until it has ended, somebody else follows, or `signal` aborts. */
async function followSession(
  options: ListenerOptions,
  session: Followed,
  signal: AbortSignal,
): Promise<void> {
  const { feed, http, clock } = options
  const { sessionId } = session
  let position = session.position
  const take: Take = async (events, upTo) => {
    const isStored = await feed.take(sessionId, events, upTo)
    if (isStored) position = upTo
    return isStored
  }
  let [pauseMs, heardAt] = [firstPauseMs, clock.now()]
  while (!signal.aborted) {
    const { end, wasOpen } = await connect(options, { ...session, position }, take, signal)
    if (signal.aborted || end === 'ended' || end === 'refused') return
    const state = await ask(http, healthPath(sessionId), signal)
    if (wasOpen) pauseMs = firstPauseMs
    if (wasOpen || state === 'ok') heardAt = clock.now()
    const isLost = clock.now() - heardAt >= lostAfterMs
    if (state === 'gone' || isLost) {
      await take([toEnd(state === 'gone' ? goneMessage : lostMessage, clock.now())], position)
      return
    }
    await clock.sleep(pauseMs, signal)
    pauseMs = Math.min(2 * pauseMs, maxPauseMs)
  }
}

/** `url`: of the socket. */
type Followed = FedSession & { url: string }

type Take = (events: readonly WireEvent[], position: number) => Promise<boolean>

/** One connection, which ends as well when the host has no such session any more. */
async function connect(
  options: ListenerOptions,
  { sessionId, url, position }: Followed,
  take: Take,
  signal: AbortSignal,
): Promise<ConnectionEnd> {
  const { token, clock, onFault } = options
  const probing = new AbortController()
  const probe = probeNowAndThen(options, sessionId, probing)
  const whole = AbortSignal.any([signal, probing.signal])
  try {
    return await followOnce({ url, token, sessionId, position, clock, take, signal: whole })
  } catch (error) {
    onFault(error, 'sessions.external')
    return { end: 'lost', wasOpen: false }
  } finally {
    probing.abort()
    await probe
  }
}

const goneMessage = 'host no longer has this session'
const lostMessage = 'host lost'

function toEnd(message: string, now: number): WireEvent {
  const data = { exitCode: -1, reason: 'error', message }
  return { type: sessionEvents.terminated, data, timestamp: new Date(now).toISOString() }
}

/** Aborts `probing` when the host has no such session any more: not every host says so on its socket. */
async function probeNowAndThen(
  { http, clock }: ListenerOptions,
  sessionId: string,
  probing: AbortController,
): Promise<void> {
  const { signal } = probing
  while (!signal.aborted) {
    await clock.sleep(probeEveryMs, signal).catch(() => undefined)
    if (signal.aborted) return
    const state = await ask(http, healthPath(sessionId), signal).catch(() => 'silent')
    if (state === 'gone') probing.abort()
  }
}
