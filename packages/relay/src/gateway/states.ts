import type { TransportState } from './transport.js'

/** What a transport is doing, and who wants to know. */
export interface States {
  readonly now: TransportState
  move(next: TransportState): void
  /** Called after each change. */
  listen(listener: (state: TransportState) => void): () => void
}

export function createStates(report: (message: string) => void): States {
  const listeners = new Set<(state: TransportState) => void>()
  let now: TransportState = { state: 'idle' }

  const tell = (listener: (state: TransportState) => void) => {
    try {
      listener(now)
    } catch (error) {
      // It must not end the reader that it is told by.
      report(`a listener failed: ${String(error)}`)
    }
  }
  return {
    get now() {
      return now
    },
    move: (next) => {
      now = next
      for (const listener of Array.from(listeners)) tell(listener)
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
