// The SSE stream of a session: section 2.9.
import { type SseEvent, sseResponse } from '@parley/kernel/http'
import type { Clock } from '@parley/kernel/ids'
import { isMark, type StoredEvent } from '@parley/kernel/log'
import type { Principal } from '@parley/kernel/principal'
import { sessionsErrors } from '../errors.js'
import { sessionEvents, type WireEvent } from '../protocol/index.js'
import { eventFrame, lifecycleFrame } from '../protocol/ws/frames.js'
import { callerKey } from '../service/callers.js'
import type { SessionsService } from '../service/port.js'
import type { Route } from './call.js'
import { revalidated } from './revalidated.js'
import type { RouteContext } from './routes.js'
import { Tally } from './tally.js'

type StreamContext = RouteContext & { clock: Clock; stopping: AbortSignal; maxStreams: number }

export function streamRoutes({ service, clock, stopping, maxStreams, onFault }: StreamContext): Route[] {
  const open = new Tally(maxStreams)
  return [
    {
      method: 'GET',
      path: '/agents/:id/stream',
      summary: 'Follow a session as server-sent events',
      tokenInQuery: true,
      run: async ({ by, isStill, param, request, headers }) => {
        const id = param('id')
        const row = await service.find(by, id)
        if (!row) throw sessionsErrors.agentNotFound()
        const release = open.take(callerKey(by))
        if (!release) throw sessionsErrors.tooMany({ message: 'too many event streams' })
        const after = cursorIn(request.headers.get('last-event-id'))
        const source = (signal: AbortSignal) => {
          const left = () => {
            release()
            over.stop()
          }
          signal.addEventListener('abort', left, { once: true })
          return eventsOf(service, { by, id, after, signal })
        }
        const extraHeaders = { ...headers, 'cache-control': 'no-cache' }
        const over = revalidated({ clock, isStill, stopping, onFault })
        return sseResponse(source, { clock, signal: over.signal, onFault, extraHeaders })
      },
    },
  ]
}

/** A cursor that is no whole number counts as none. */
const cursorIn = (text: string | null): number => (text && /^\d{1,15}$/.test(text) ? Number(text) : 0)

type Wanted = { by: Principal; id: string; after: number; signal: AbortSignal }

/** What was, then what is; the end of the session is the last. */
async function* eventsOf(service: SessionsService, wanted: Wanted): AsyncGenerator<SseEvent> {
  const { by, id, after, signal } = wanted
  let isLive = false
  for await (const item of await service.follow(by, id, { after, signal })) {
    if (!isMark(item)) {
      yield* stored(id, item)
      // In what was, more may have been stored after the end.
      if (isLive && item.type === sessionEvents.terminated) break
    } else if (item.mark === 'signal') yield* signalled(id, item.payload)
    else if (item.mark === 'caught_up') {
      isLive = true
      // Whoever comes with the last number, or a greater one, is given nothing that would tell.
      if ((await service.find(by, id))?.status === 'active') continue
      yield* rest(service, { ...wanted, after: item.seq })
      break
    }
  }
  if (isLive) yield { event: 'session.terminated', data: lifecycleFrame('session.terminated', id) }
}

/** What was stored of a session that has ended since it was read. */
async function* rest(service: SessionsService, { by, id, after }: Wanted): AsyncGenerator<SseEvent> {
  for (let cursor = after; ; ) {
    const events = await service.history(by, id, { after: cursor })
    for (const event of events) yield* stored(id, event)
    const last = events.at(-1)
    if (!last) return
    cursor = last.seq
  }
}

function* stored(id: string, { seq, type, body }: StoredEvent): Generator<SseEvent> {
  // One that was erased says nothing any more.
  if (body === 'null') return
  yield { id: String(seq), event: type, data: eventFrame(`session:${id}`, id, seq, body) }
}

function* signalled(id: string, payload: string): Generator<SseEvent> {
  // The cast: only this plane signals on its streams.
  const { lifecycle, ephemeral } = JSON.parse(payload) as {
    lifecycle?: string
    ephemeral?: { event: WireEvent }
  }
  if (lifecycle === 'session.created') yield { event: lifecycle, data: lifecycleFrame(lifecycle, id) }
  if (!ephemeral) return
  const { event } = ephemeral
  yield { event: event.type, data: eventFrame(`session:${id}`, id, 0, JSON.stringify(event)) }
}
