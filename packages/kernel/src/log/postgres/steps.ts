import type { PreparedUnit } from '../prepare.js'
import { type Failure, toFailure } from './failure.js'
import type { Answer, Query, Session } from './session.js'

/** A statement on its way; `unit` and `op` say whose it is, the transaction's own have neither. */
export type Step = { query: Query; of?: { unit: number; op: number; atLeast: number } }

/** What answered statements tell of the units. */
export type Reading = {
  /** First guard of a unit that touched too few rows. */
  refused: Map<number, number>
  /** Units that may have left something behind, or whose statement raised: they must run apart. */
  suspects: Set<number>
  /** What ended the transaction. Whatever follows it was not looked at. */
  failure?: Failure
}

export function toSteps(session: Session, unit: PreparedUnit, index: number): Step[] {
  return unit.ops.map((op, place) => ({
    query: session.toQuery(op),
    of: { unit: index, op: place, atLeast: op.atLeast ?? 0 },
  }))
}

/** Reads the answers in order, up to the first that failed. */
export function readSteps(
  steps: readonly Step[],
  answers: readonly Answer[],
  { units, isCommitSent }: { units: readonly PreparedUnit[]; isCommitSent: boolean },
): Reading {
  const reading: Reading = { refused: new Map(), suspects: new Set() }
  for (const [index, { of }] of steps.entries()) {
    const answer = answers[index]!
    if (!answer.ok) {
      reading.failure = toFailure(answer.error, isCommitSent)
      if (of && reading.failure.kind === 'raised') reading.suspects.add(of.unit)
      return reading
    }
    if (!of || answer.count >= of.atLeast || reading.refused.has(of.unit)) continue
    reading.refused.set(of.unit, of.op)
    if (!leavesNothing(units[of.unit]!)) reading.suspects.add(of.unit)
  }
  return reading
}

/** A refused unit of one guard touched no row at all, so there is nothing to undo. */
function leavesNothing({ ops }: PreparedUnit): boolean {
  const [op] = ops
  // A statement that begins with `with` may write in one part and answer no row from another.
  return ops.length === 1 && (op!.atLeast ?? 0) <= 1 && !/^\s*with\b/i.test(op!.sql)
}

/** A guard decides whether events are stored, or its unit has something to undo: look before the append. */
export function decidesMore(unit: PreparedUnit): boolean {
  const hasGuard = unit.ops.some((op) => op.atLeast !== undefined)
  return hasGuard && (unit.appends.length > 0 || !leavesNothing(unit))
}
