import type { Clock, Stop } from '@parley/kernel/ids'

export type HeartbeatOptions = {
  clock: Clock
  everyMs: number
  /** A peer that said nothing for this long is gone. */
  silentMs: number
  ping(): void
  onSilent(): void
}

export interface Heartbeat {
  heard(): void
  stop: Stop
}

/** Pings a peer and notices when it is gone. */
export function startHeartbeat({ clock, everyMs, silentMs, ping, onSilent }: HeartbeatOptions): Heartbeat {
  let heardAt = clock.now()
  let stop: Stop = () => {}
  const beat = () => {
    if (clock.now() - heardAt >= silentMs) return onSilent()
    ping()
    stop = clock.after(everyMs, beat)
  }
  stop = clock.after(everyMs, beat)
  return {
    heard: () => {
      heardAt = clock.now()
    },
    stop: () => stop(),
  }
}
