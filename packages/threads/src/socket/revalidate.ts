import { isFault } from '@parley/kernel/errors'
import type { Stop } from '@parley/kernel/ids'
import type { ThreadsDeps } from '../service/deps.js'
import type { ThreadsService } from '../service/service.js'
import { admit } from './admit.js'
import type { Visitor } from './visitor.js'

/**
 * Authenticates a socket anew from time to time, with the handshake it came with. One whose credential is refused, or
 * belongs to somebody else now, is disconnected; a new tenant counts from then on. When the application fails to say,
 * the socket stays, and is asked about again.
 */
export function startRevalidation(deps: ThreadsDeps, service: ThreadsService, visitor: Visitor): Stop {
  const everyMs = deps.options.revalidateSeconds * 1_000
  if (everyMs <= 0) return () => {}
  let isOver = false
  let stopTimer: Stop = () => {}
  const check = async () => {
    try {
      await revalidate(deps, service, visitor)
    } catch (error) {
      if (isFault(error)) deps.onFault(error, 'threads.revalidate')
      else visitor.socket.disconnect()
    }
    if (!isOver) arm()
  }
  const arm = () => {
    stopTimer = deps.ground.clock.after(everyMs, () => void check())
  }
  arm()
  return () => {
    isOver = true
    stopTimer()
  }
}

async function revalidate(deps: ThreadsDeps, service: ThreadsService, visitor: Visitor): Promise<void> {
  const { identity } = visitor.caller
  const caller = await admit(deps, service, visitor.socket)
  if (caller.identity.id !== identity.id || caller.identity.role !== identity.role) {
    visitor.socket.disconnect()
    return
  }
  visitor.caller = caller
  for (const room of visitor.rooms.values()) await room.evictHidden()
}
