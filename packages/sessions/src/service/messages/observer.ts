import { sessionEvents } from '../../protocol/index.js'
import type { Happened, Observer } from '../port.js'
import { isTurnEnd } from '../turns.js'

/** After these a session that was busy may be free. */
const freeing: ReadonlySet<string> = new Set([
  'end_turn',
  sessionEvents.permissionApproved,
  sessionEvents.permissionRejected,
  sessionEvents.permissionResponded,
  sessionEvents.permissionCancelled,
  sessionEvents.queueUpdated,
  sessionEvents.queueResumed,
  sessionEvents.resumed,
])

/** Tells which sessions may take their next message. */
export function messagesObserver(wake: (sessionId: string) => void): Observer {
  return {
    committed: ({ session, event }: Happened) => {
      const isOver = event.type === sessionEvents.rpc && isTurnEnd(event.data)
      if (isOver || freeing.has(event.type)) wake(session.id)
    },
  }
}
