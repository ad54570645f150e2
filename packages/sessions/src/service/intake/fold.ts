import { type SessionEndReason, sessionEvents, type WireEvent } from '../../protocol/index.js'
import type { SessionChange, SessionRow } from '../../store/port.js'
import { foldRpc } from './fold-rpc.js'
import { toQueueState } from './queue-state.js'

/**
 * What an event changes of the session it is about; empty for most. Pure. An ended session changes no more. The time of
 * the change is set by whoever stores it.
 */
export function fold(row: SessionRow, event: WireEvent): SessionChange {
  if (row.status === 'killed') return {}
  switch (event.type) {
    case sessionEvents.rpc:
      return foldRpc(row, event.data)
    case sessionEvents.queueUpdated:
      return foldQueue(event.data)
    case sessionEvents.queuePaused:
      return foldPaused(row, true)
    case sessionEvents.queueResumed:
      return foldPaused(row, false)
    case sessionEvents.terminated:
      return foldEnd(event.data)
    // Another agent than the one that was prompted.
    case sessionEvents.resumed:
    // Of hosts that call back.
    case 'end_turn':
      return row.processing ? { processing: false } : {}
    default:
      return {}
  }
}

function foldQueue(data: WireEvent['data']): SessionChange {
  const queue = toQueueState(data)
  return queue ? { queue, processing: queue.processing } : {}
}

function foldPaused({ queue, processing }: SessionRow, paused: boolean): SessionChange {
  return { queue: queue ? { ...queue, paused } : { processing, paused, items: [], size: 0 } }
}

const reasons: readonly SessionEndReason[] = ['terminated', 'error', 'idle_timeout', 'agent_exit']
const maxMessage = 4_000

function foldEnd(data: WireEvent['data']): SessionChange {
  const { exitCode, reason, message } = data
  return {
    status: 'killed',
    processing: false,
    queue: null,
    end: {
      reason: reasons.find((known) => known === reason) ?? 'agent_exit',
      exitCode: Number.isSafeInteger(exitCode) ? Number(exitCode) : null,
      message: typeof message === 'string' ? message.slice(0, maxMessage) : null,
    },
  }
}
