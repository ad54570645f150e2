import type { Stop } from '../edge.js'
import { closedError } from '../failures.js'
import type { SessionsRest } from '../types.js'
import type { SessionRoom } from './session-room.js'
import type { LiveSession } from './types.js'

/** One follower's view of a session that others may follow too. `onClose` is called once. */
export function createLiveSession(room: SessionRoom, rest: SessionsRest, onClose: () => void): LiveSession {
  const { id, state } = room
  const stops = new Set<Stop>()
  let isClosed = false

  const act = async <T>(action: () => Promise<T>): Promise<T> => {
    if (isClosed) throw closedError('the session')
    return action()
  }
  /** Failures are shown as well: whoever does not look at the promise misses nothing. */
  const shown = <T>(sent: Promise<T>): Promise<T> => {
    sent.catch(() => undefined)
    return sent
  }

  return {
    id,
    getState: () => room.snapshot(),
    logs: () => state.logs,
    subscribe: (listener) => {
      if (isClosed) return () => {}
      const stop = room.subscribe(listener)
      stops.add(stop)
      return () => {
        stops.delete(stop)
        stop()
      }
    },
    prompt: (text) => shown(act(() => state.prompts.send(text))),
    retry: (key) => shown(act(() => state.prompts.retry(key))),
    discard: (key) => state.prompts.discard(key),
    respond: (requestId, body) => act(() => rest.resolvePermission(id, requestId, body)),
    cancel: (queueId) =>
      act(() => (queueId === undefined ? rest.cancelTurn(id) : rest.cancelQueueItem(id, queueId))),
    terminate: () => act(() => rest.terminateSession(id)),
    clearQueue: () => act(() => rest.clearQueue(id)),
    reorderQueue: (order) => act(() => rest.reorderQueue(id, order)),
    pauseQueue: () => act(() => rest.pauseQueue(id)),
    resumeQueue: () => act(() => rest.resumeQueue(id)),
    setMode: (modeId) => act(() => rest.setMode(id, modeId)),
    setModel: (modelId) => act(() => rest.setModel(id, modelId)),
    setConfigOption: (configId, value) => act(() => rest.setConfigOption(id, configId, value)),
    close: () => {
      if (isClosed) return
      isClosed = true
      for (const stop of stops) stop()
      stops.clear()
      onClose()
    },
  }
}
