// Runs a batch of units in one transaction, units in their order. Optimistic: statements go out without
// savepoints, and a unit that fails with something to undo makes the batch run again with a savepoint
// around that unit, so that it fails alone and its answer is one of a transaction that committed.
import type { Micros } from '../../ids/index.js'
import type { Landing, PreparedAppend, PreparedUnit } from '../prepare.js'
import { type AppendBatch, lockHeads, toAppendBatch } from './append-statement.js'
import { type Failure, toCommitFailure, toFailure } from './failure.js'
import type { Answer, Session } from './session.js'
import { decidesMore, readSteps, type Step, toSteps } from './steps.js'

/** What became of one unit of a batch that was committed. */
export type Outcome =
  | { outcome: 'committed'; landings: Landing[] }
  | { outcome: 'refused'; op: number }
  | { outcome: 'failed'; error: unknown }

export type BatchResult = { outcomes: Outcome[] } | { failure: Failure }

type Attempt = BatchResult | { suspects: ReadonlySet<number> }
type Batch = { session: Session; units: readonly PreparedUnit[]; now: Micros }

const begin: Step = { query: { text: 'begin' } }
const commit = { text: 'commit' }

/** One transaction for all units, or a failure of all of them. Never rejects. */
export async function runBatch(batch: Batch): Promise<BatchResult> {
  let apart: ReadonlySet<number> = new Set()
  for (let run = 1; ; run++) {
    const attempt = await runOnce(batch, apart)
    if (!('suspects' in attempt)) return attempt
    // WHY: a bound on the runs. When every statement raises, the third run takes each of them apart.
    apart = run === 1 ? attempt.suspects : withOps(batch.units)
  }
}

function withOps(units: readonly PreparedUnit[]): Set<number> {
  return new Set(units.flatMap((unit, index) => (unit.ops.length > 0 ? [index] : [])))
}

async function runOnce(batch: Batch, apart: ReadonlySet<number>): Promise<Attempt> {
  if (!batch.units.some((unit) => unit.ops.length > 0)) return oneStatement(batch)
  if (apart.size === 0 && !batch.units.some(decidesMore)) return oneTrip(batch)
  const state = await sendOps(batch, apart)
  if (state.failure || state.suspects.size > 0) return undo(batch.session, state)
  const kept = batch.units.map((unit, index) => (state.outcomes.has(index) ? [] : unit.appends))
  const tail = toTail(kept.flat(), batch.now)
  const answers = await batch.session.send(tail.queries)
  return conclude(batch, state.outcomes, tail, answers)
}

/** Appends alone are one statement, which is a transaction of its own. */
async function oneStatement({ session, units, now }: Batch): Promise<BatchResult> {
  const append = toAppendBatch(
    units.flatMap((unit) => unit.appends),
    now,
  )
  const answers = await session.send([append.query])
  const stored = answers[0]!
  // It commits before it is answered, so an error may be one of its commit.
  if (!stored.ok) return { failure: toCommitFailure(stored.error) }
  return { outcomes: toOutcomes(units, new Map(), append.landings(stored.rows)) }
}

async function oneTrip(batch: Batch): Promise<Attempt> {
  const { session, units, now } = batch
  const steps = [...opening(units), ...units.flatMap((unit, index) => toSteps(session, unit, index))]
  const tail = toTail(
    units.flatMap((unit) => unit.appends),
    now,
  )
  const answers = await session.send([...steps.map((step) => step.query), ...tail.queries])
  const { refused, suspects, failure } = readSteps(steps, answers, { units, isCommitSent: true })
  if (failure) return failure.kind === 'raised' && suspects.size > 0 ? { suspects } : { failure }
  const outcomes = new Map<number, Outcome>()
  for (const [unit, op] of refused) outcomes.set(unit, { outcome: 'refused', op })
  return conclude(batch, outcomes, tail, answers.slice(steps.length))
}

function opening(units: readonly PreparedUnit[]): Step[] {
  const appends = units.flatMap((unit) => unit.appends)
  return appends.length > 0 ? [begin, { query: lockHeads(appends) }] : [begin]
}

type OpsState = { outcomes: Map<number, Outcome>; suspects: Set<number>; failure?: Failure }

/** First trip: every unit's statements in order; those of `apart` with a savepoint and a look at each. */
async function sendOps({ session, units }: Batch, apart: ReadonlySet<number>): Promise<OpsState> {
  const state: OpsState = { outcomes: new Map(), suspects: new Set() }
  let waiting = opening(units)
  const flush = async () => {
    const answers = await session.send(waiting.map((step) => step.query))
    const reading = readSteps(waiting, answers, { units, isCommitSent: false })
    waiting = []
    return reading
  }
  const flushTogether = async () => {
    const { refused, suspects, failure } = await flush()
    for (const [unit, op] of refused) state.outcomes.set(unit, { outcome: 'refused', op })
    for (const unit of suspects) state.suspects.add(unit)
    state.failure = failure
  }
  for (const [index, unit] of units.entries()) {
    if (!apart.has(index)) {
      waiting.push(...toSteps(session, unit, index))
      continue
    }
    await flushTogether()
    if (state.failure) return state
    waiting = [{ query: { text: 'savepoint unit' } }, ...toSteps(session, unit, index)]
    const outcome = readApart(await flush(), index)
    if (outcome && 'failure' in outcome) return { ...state, failure: outcome.failure }
    if (outcome) state.outcomes.set(index, outcome)
    waiting = closeSavepoint(outcome !== undefined)
  }
  await flushTogether()
  return state
}

function closeSavepoint(isUndone: boolean): Step[] {
  const release: Step = { query: { text: 'release savepoint unit' } }
  return isUndone ? [{ query: { text: 'rollback to savepoint unit' } }, release] : [release]
}

function readApart(
  { refused, suspects, failure }: ReturnType<typeof readSteps>,
  index: number,
): Outcome | { failure: Failure } | undefined {
  const op = refused.get(index)
  // WHY: a session that was lost or a deadlock concerns everybody, whatever the guard said before.
  if (failure && !(failure.kind === 'raised' && suspects.has(index))) return { failure }
  if (op !== undefined) return { outcome: 'refused', op }
  return failure && { outcome: 'failed', error: failure.error }
}

async function undo(session: Session, { failure, suspects }: OpsState): Promise<Attempt> {
  if (!session.isLost) {
    const [answer] = await session.send([{ text: 'rollback' }])
    if (!answer?.ok) return { failure: toFailure(answer?.error, false) }
  }
  if (failure && (failure.kind !== 'raised' || suspects.size === 0)) return { failure }
  return { suspects }
}

type Tail = { queries: { text: string }[]; append?: AppendBatch }

function toTail(appends: readonly PreparedAppend[], now: Micros): Tail {
  if (appends.length === 0) return { queries: [commit] }
  const append = toAppendBatch(appends, now)
  return { queries: [append.query, commit], append }
}

/** Reads the append and the commit. */
function conclude(
  { units }: Batch,
  outcomes: ReadonlyMap<number, Outcome>,
  { append }: Tail,
  answers: readonly Answer[],
): BatchResult {
  const committed = answers.at(-1)!
  const stored = append && answers[0]!
  if (stored && !stored.ok) return { failure: toFailure(stored.error, true) }
  if (!committed.ok) return { failure: toCommitFailure(committed.error) }
  // OUTSIDE: committing a transaction that failed succeeds, with this tag.
  if (committed.command !== 'COMMIT') return { failure: rolledBack() }
  const landings = append && stored ? append.landings(stored.rows) : []
  return { outcomes: toOutcomes(units, outcomes, landings) }
}

function rolledBack(): Failure {
  return { kind: 'raised', error: new Error('The database rolled the transaction back.') }
}

function toOutcomes(
  units: readonly PreparedUnit[],
  outcomes: ReadonlyMap<number, Outcome>,
  landings: readonly Landing[],
): Outcome[] {
  let next = 0
  return units.map(({ appends }, index) => {
    const other = outcomes.get(index)
    // Units without appends took no landing, whatever became of them.
    if (other) return other
    next += appends.length
    return { outcome: 'committed', landings: landings.slice(next - appends.length, next) }
  })
}
