import type { Stop } from '../edge.js'
import { closedError } from '../failures.js'
import type { TerminalsRoom } from './terminals-room.js'
import type { LiveTerminal, LiveTerminals } from './types.js'

/** One follower's view of terminals that others may follow too. `onClose` is called once. */
export function createLiveTerminals(room: TerminalsRoom, onClose: () => void): LiveTerminals {
  const stops = new Set<Stop>()
  let isClosed = false
  const owned = (start: () => Stop): Stop => {
    if (isClosed) return () => {}
    const stop = start()
    stops.add(stop)
    return () => {
      stops.delete(stop)
      stop()
    }
  }
  return {
    getState: () => room.snapshot(),
    subscribe: (listener) => owned(() => room.subscribe(listener)),
    create: async (options = {}) => {
      if (isClosed) throw closedError('the terminals')
      return room.create(options)
    },
    input: (terminalId, data) => !isClosed && room.input(terminalId, data),
    resize: (terminalId, cols, rows) => !isClosed && room.resize(terminalId, cols, rows),
    kill: (terminalId) => !isClosed && room.kill(terminalId),
    onOutput: (terminalId, listener) => owned(() => room.onOutput(terminalId, listener)),
    close: () => {
      if (isClosed) return
      isClosed = true
      for (const stop of stops) stop()
      stops.clear()
      onClose()
    },
  }
}

/** One terminal of them. */
export function createLiveTerminal(id: string, terminals: LiveTerminals): LiveTerminal {
  return {
    id,
    getState: () => terminals.getState().terminals.find(({ terminalId }) => terminalId === id),
    subscribe: terminals.subscribe,
    onOutput: (listener) => terminals.onOutput(id, listener),
    input: (data) => terminals.input(id, data),
    resize: (cols, rows) => terminals.resize(id, cols, rows),
    kill: () => terminals.kill(id),
    close: terminals.close,
  }
}
