// Keeps one session open: opens another when it broke, with growing pauses, until a bound.
import { kernelErrors } from '../../errors/index.js'
import { openSession, type Session, type SessionDeps } from './session.js'

export interface Lane {
  /** The session, opened again when it broke. Rejects with `kernel.unavailable` when that takes too long. */
  session(): Promise<Session>
  /** Gives a session up that is known to be of no more use. */
  discard(session: Session): void
  close(): Promise<void>
}

export type LaneOptions = SessionDeps & {
  /** Longest wait for a connection. */
  reconnectWithinMs: number
}

const firstPauseMs = 50
const maxPauseMs = 2_000

export function openLane(options: LaneOptions): Lane {
  const closing = new AbortController()
  let current: Session | undefined
  return {
    async session() {
      if (!current || current.isLost) current = await reopen(options, closing.signal)
      return current
    },
    discard(session) {
      session.destroy()
      if (current === session) current = undefined
    },
    async close() {
      closing.abort()
      await current?.close()
    },
  }
}

async function reopen(options: LaneOptions, closing: AbortSignal): Promise<Session> {
  const giveUpAt = options.clock.now() + options.reconnectWithinMs
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, maxPauseMs)) {
    try {
      return await openSession(options)
    } catch (cause) {
      options.onFault(cause)
      if (closing.aborted || options.clock.now() + pause > giveUpAt) throw kernelErrors.unavailable({ cause })
      await options.clock.sleep(pause, closing).catch(() => {})
    }
  }
}
