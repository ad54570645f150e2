import type { SignalFrame } from '../protocol/index.js'
import { isoTexts } from './iso-time.js'
import type { HostEvent, HostEvents } from './port.js'
import type { Spool } from './spool/index.js'

/** Sees what happens on a host as it happens, beside the spool. */
export type HostObserver = {
  event(event: HostEvent & { timestamp: string }): void
  signal(signal: Omit<SignalFrame, 'type'>): void
}

/** The events of a host: to the spool, and to whoever looks on. What an observer throws reaches nobody. */
export function toHostEvents(
  spool: Spool,
  now: () => number,
  observers: ReadonlySet<HostObserver>,
): HostEvents {
  const tell = (work: (observer: HostObserver) => void) => {
    for (const observer of observers) {
      try {
        work(observer)
      } catch {
        // A door that fails must not take the agents with it.
      }
    }
  }
  const toIso = isoTexts()
  return {
    emit: (event) => {
      const { timestamp = toIso(now()) } = event
      const stamped = { ...event, timestamp }
      spool.append(stamped)
      tell((observer) => observer.event(stamped))
    },
    signal: (signal) => tell((observer) => observer.signal(signal)),
    room: () => spool.room(),
    synced: () => spool.synced(),
  }
}
