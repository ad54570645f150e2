import { isParleyError } from '@parley/kernel/errors'
import type { Clock, Stop } from '@parley/kernel/ids'
import { revalidateMs } from '../service/callers.js'

type Options = {
  clock: Clock
  /** Asked from time to time. */
  isStill(): Promise<boolean>
  /** The plane stops. */
  stopping: AbortSignal
  onFault(error: unknown): void
}

/** A signal that aborts when the credential of a stream has ended, or the plane stops. Must be stopped. */
export function revalidated({ clock, isStill, stopping, onFault }: Options): {
  signal: AbortSignal
  stop: Stop
} {
  const ended = new AbortController()
  let stopTimer: Stop = () => {}
  let isStopped = false

  const look = async () => {
    // When the application fails to say, the stream stays, and is asked about again.
    const isOver = await isStill().then(
      (still) => !still,
      (error: unknown) => {
        if (isParleyError(error) && error.status < 500) return true
        onFault(error)
        return false
      },
    )
    if (isOver) ended.abort()
    else if (!isStopped) arm()
  }
  const arm = () => {
    stopTimer = clock.after(revalidateMs, () => void look())
  }
  arm()
  return {
    signal: AbortSignal.any([ended.signal, stopping]),
    stop: () => {
      isStopped = true
      stopTimer()
    },
  }
}
