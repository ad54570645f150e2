import type { Clock, Stop } from '@parley/kernel/ids'
import type { LinkSocket } from './socket.js'

/** What is sent on a link goes through here, so that a server that does not read is noticed. */
export interface Outlet {
  send(frame: string | Buffer): void
  /** The socket has taken everything. */
  drained(): void
  /** Too much waits: events are held back. */
  readonly isCongested: boolean
  /** Much waits: what may be lost is dropped. */
  readonly isSlow: boolean
  stop: Stop
}

export type OutletOptions = {
  socket: LinkSocket
  clock: Clock
  /** It stayed congested for half a minute. */
  onStuck(): void
}

const congestedBytes = 1024 * 1024
const slowBytes = congestedBytes / 2
const stuckAfterMs = 30_000

export function createOutlet({ socket, clock, onStuck }: OutletOptions): Outlet {
  let stopTimer: Stop | undefined
  const isCongested = () => socket.bufferedBytes >= congestedBytes
  const look = () => {
    stopTimer = undefined
    if (isCongested()) onStuck()
  }
  return {
    send: (frame) => {
      socket.send(frame)
      if (isCongested()) stopTimer ??= clock.after(stuckAfterMs, look)
    },
    drained: () => {
      stopTimer?.()
      stopTimer = undefined
    },
    get isCongested() {
      return isCongested()
    },
    get isSlow() {
      return socket.bufferedBytes >= slowBytes
    },
    stop: () => stopTimer?.(),
  }
}
