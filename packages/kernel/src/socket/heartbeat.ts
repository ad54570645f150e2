import type { Clock, Stop } from '../ids/index.js'

/** What a heartbeat needs of a connection. */
export type Pulse = {
  /** Time of the last byte sign of life, milliseconds since 1970. */
  heardAt: number
  /** Time of the last ping. */
  pingedAt: number
  ping(): void
  terminate(): void
}

export type HeartbeatOptions = {
  clock: Clock
  /** A peer that was silent this long is pinged. Default 30,000. */
  everyMs?: number
  /** A peer that was silent this long is cut off. Default 2.5 × `everyMs`. */
  deadMs?: number
}

/** Finds half-open connections with protocol-level pings; one timer for all of them. */
export interface Heartbeat {
  watch(pulse: Pulse): void
  forget(pulse: Pulse): void
  stop(): void
}

// Sweeping more often than pinging spreads the pings and finds a dead peer soon after its time.
const sweepsPerPing = 4

export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { clock, everyMs = 30_000, deadMs = everyMs * 2.5 } = options
  const pulses = new Set<Pulse>()
  let stopTimer: Stop | undefined

  const visit = (pulse: Pulse, now: number) => {
    if (now - pulse.heardAt >= deadMs) return pulse.terminate()
    // One ping at a time: a peer that is slow to read would only get more to read.
    if (now - pulse.heardAt < everyMs || pulse.pingedAt > pulse.heardAt) return
    pulse.pingedAt = now
    pulse.ping()
  }
  const sweep = () => {
    stopTimer = undefined
    const now = clock.now()
    for (const pulse of pulses) visit(pulse, now)
    arm()
  }
  const arm = () => {
    if (stopTimer || pulses.size === 0) return
    stopTimer = clock.after(everyMs / sweepsPerPing, sweep)
  }

  return {
    watch: (pulse) => {
      pulses.add(pulse)
      arm()
    },
    forget: (pulse) => void pulses.delete(pulse),
    stop: () => {
      stopTimer?.()
      stopTimer = undefined
      pulses.clear()
    },
  }
}
