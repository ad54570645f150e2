import type { HeldFeed } from '../port.js'
import type { FakeHost } from './host.js'

type FeedOptions = { held: HeldFeed; hosts: ReadonlyMap<string, FakeHost> }

/** Hands the events of every session to the plane, as they come. */
export async function feedEvents({ held, hosts }: FeedOptions, signal: AbortSignal): Promise<void> {
  let wake = () => {}
  const listening = new Set<FakeHost>()
  const stops: (() => void)[] = []
  const stored = new Map<string, number>()
  const listen = () => {
    for (const host of hosts.values())
      if (!listening.has(host)) {
        listening.add(host)
        stops.push(host.onEvent(() => wake()))
      }
  }
  try {
    while (!signal.aborted) {
      listen()
      const again = new AbortController()
      wake = () => again.abort()
      for (const { sessionId, position } of await held.sessions()) {
        const after = stored.get(sessionId) ?? position
        const events = [...listening].flatMap((host) => host.eventsOf(sessionId, after))
        const last = events.at(-1)
        if (!last) continue
        if (
          !(await held.take(
            sessionId,
            events.map(({ event }) => event),
            last.seq,
          ))
        )
          return
        stored.set(sessionId, last.seq)
      }
      await held.changed(AbortSignal.any([signal, again.signal])).catch(() => signal.throwIfAborted())
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    for (const stop of stops) stop()
  }
}
