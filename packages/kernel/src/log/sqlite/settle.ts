// Turns the worker's answer to a batch into the result of each unit, with the events built from the drafts.
import { type Fault, fromFault } from '../../db/sqlite/protocol.js'
import type { UnitResult } from '../port.js'
import { type PreparedUnit, toAppended } from '../prepare.js'
import { parsePage } from './pages.js'
import { type CommitAnswer, outcomes } from './protocol.js'

/** What a unit's promise becomes. */
export type Settled = UnitResult | { outcome: 'raised'; error: Error }

/** The result of each unit of a batch, in order. */
export function readAnswer(units: readonly PreparedUnit[], answer: CommitAnswer): Settled[] {
  let at = 0
  const next = () => answer.numbers[at++] as number
  return units.map((unit) => readUnit(unit, answer, next))
}

function readUnit(unit: PreparedUnit, { texts, faults }: CommitAnswer, next: () => number): Settled {
  switch (next()) {
    case outcomes.committed: {
      const appended = unit.appends.map((append) => toAppended(append, { firstSeq: next(), firstAt: next() }))
      return { outcome: 'committed', appended }
    }
    case outcomes.refused:
      return { outcome: 'refused', op: next() }
    case outcomes.replayed:
      return readReplay(unit, texts, next)
    default:
      return { outcome: 'raised', error: fromFault(faultAt(faults, next())) }
  }
}

function readReplay(unit: PreparedUnit, texts: readonly string[], next: () => number): Settled {
  const same = next() === 1
  const appended = Array.from({ length: next() }, () => {
    const stream = unit.appends[next()]?.stream ?? ''
    return { stream, firstSeq: next(), events: parsePage(stream, texts[next()] ?? '[]') }
  })
  return { outcome: 'replayed', same, appended }
}

function faultAt(faults: readonly Fault[], index: number): Fault {
  return faults[index] ?? { message: 'The database worker gave no reason.' }
}
