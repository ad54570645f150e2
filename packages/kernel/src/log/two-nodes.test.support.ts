import { fakeClock } from '@parley/testkit'
import type { LogLimits } from './limits.js'
import { createLog } from './log.js'
import { memoryJournal } from './memory-journal.test.support.js'
import { splitJournal } from './split-journal.js'
import { scriptedBus } from './test-bus.test.support.js'

/** Our node, and a neighbour that appends to the same journal without a word on the bus. */
export function twoNodes(limits: Partial<LogLimits> = {}) {
  const clock = fakeClock({ start: 0 })
  const journal = memoryJournal(() => clock.micros())
  const bus = scriptedBus()
  const faults: unknown[] = []
  const onFault = (error: unknown, where: string) => void faults.push([where, String(error)])
  const node = { exclusive: false, clock, onFault, limits }
  const log = createLog({ ...node, journal: splitJournal(journal), bus })
  const neighbour = createLog({ ...node, journal: splitJournal(journal), bus: scriptedBus() })
  return { journal, bus, clock, faults, log, neighbour }
}

export const forever = (): AbortSignal => new AbortController().signal
