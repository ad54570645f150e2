import type { Clock } from '@parley/kernel/ids'

export type KeepaliveOptions = {
  clock: Clock
  ping(): void
  /** Nothing came for a minute after a ping. */
  onSilent(): void
}

export interface Keepalive {
  heard(): void
  stop(): void
}

const pingMs = 30_000
const pongMs = 60_000

/** Pings every 30 s; whoever says nothing for 60 s after one is taken for gone (contract 2.10). */
export function startKeepalive({ clock, ping, onSilent }: KeepaliveOptions): Keepalive {
  /** When the oldest ping was sent that nothing has followed yet. */
  let askedAt: number | undefined
  let stopTimer = clock.after(pingMs, tick)

  function tick(): void {
    const now = clock.now()
    const isSilent = askedAt !== undefined && now - askedAt >= pongMs
    askedAt ??= now
    if (isSilent) onSilent()
    else {
      ping()
      stopTimer = clock.after(pingMs, tick)
    }
  }

  return {
    heard: () => {
      askedAt = undefined
    },
    stop: () => stopTimer(),
  }
}
