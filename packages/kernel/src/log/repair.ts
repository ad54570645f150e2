import type { Clock, StreamId } from '../ids/index.js'
import type { Journal } from './journal.js'
import type { Publisher } from './publisher.js'

const streamsPerQuestion = 1000

export type RepairOptions = {
  journal: Journal
  publisher: Publisher
  clock: Clock
  /** Milliseconds between two rounds. */
  everyMs: number
  onFault(error: unknown, where: string): void
}

export interface Repair {
  /** A round now, or right after the one under way. */
  soon(): void
  stop(): void
}

/**
 * Asks for the heads of followed streams now and then, so that a hint that got lost delays an event and never
 * hides it.
 */
export function startRepair({ journal, publisher, clock, everyMs, onFault }: RepairOptions): Repair {
  let state: 'idle' | 'running' | 'again' | 'stopped' = 'idle'
  let stopTimer = () => {}

  const round = async (): Promise<void> => {
    const known = [...publisher.snapshot()]
    for (let from = 0; from < known.length; from += streamsPerQuestion) {
      const part = new Map<StreamId, number>(known.slice(from, from + streamsPerQuestion))
      publisher.compared(part, await journal.heads([...part.keys()]))
    }
  }

  const ended = (): void => {
    if (state === 'again') {
      state = 'idle'
      run()
    } else if (state === 'running') {
      state = 'idle'
      arm()
    }
  }

  const run = (): void => {
    stopTimer()
    if (state === 'running') state = 'again'
    if (state !== 'idle') return
    state = 'running'
    round()
      .catch((error) => state !== 'stopped' && onFault(error, 'log.repair'))
      .finally(ended)
  }

  const arm = (): void => {
    stopTimer = clock.after(everyMs, run)
  }

  arm()
  return {
    soon: run,
    stop: () => {
      state = 'stopped'
      stopTimer()
    },
  }
}
