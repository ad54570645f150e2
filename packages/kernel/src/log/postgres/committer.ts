// Takes batch after batch to the database, one under way at a time, and decides what a failure means for
// its units: try again, answer from the retry keys, take them one by one, or give up.

import type pg from 'pg'
import { kernelErrors } from '../../errors/index.js'
import type { Clock } from '../../ids/index.js'
import type { CommitGroup } from '../journal.js'
import type { UnitResult } from '../port.js'
import { type PreparedUnit, toAppended } from '../prepare.js'
import { toGroup } from '../to-group.js'
import type { Failure } from './failure.js'
import { findKeys, type Remembered, recentKeys, toReplay } from './keys.js'
import type { Lane } from './lane.js'
import { type Outcome, runBatch } from './run-batch.js'
import { type GroupLimits, type Waiting, WaitingRoom } from './waiting.js'

export type CommitterDeps = {
  lane: Lane
  pool: pg.Pool
  clock: Clock
  limits: GroupLimits
  onGroup(group: CommitGroup): void
}

export type Committer = {
  commit(unit: PreparedUnit): Promise<UnitResult>
  /** Resolves when every unit has its answer. */
  drained(): Promise<void>
}

const maxAttempts = 10
const maxRecentKeys = 10_000

export function createCommitter(deps: CommitterDeps): Committer {
  const room = new WaitingRoom(deps.limits)
  const recent = recentKeys(maxRecentKeys)
  let isBusy = false

  // WHY: `setImmediate`, so that units of one poll phase, and those of callers whom the last batch woke,
  //      travel together.
  const wake = () => {
    if (isBusy || !room.hasQueued) return
    isBusy = true
    setImmediate(() => void next())
  }
  const next = async (): Promise<void> => {
    await run(divert(room.takeBatch()), 1)
    isBusy = false
    wake()
  }
  /** Units whose keys this node has seen are looked up beside the lane; they come back when that was wrong. */
  const divert = (batch: readonly Waiting[]): Waiting[] => {
    const seen = batch.filter((item) => !item.isLookedUp && item.keys.some((key) => recent.has(key)))
    for (const item of seen) void answerFromKeys(item, () => requeue(item))
    return seen.length > 0 ? batch.filter((item) => !seen.includes(item)) : [...batch]
  }
  const requeue = (item: Waiting) => {
    item.isLookedUp = true
    room.putBack([item])
    wake()
  }
  const answerFromKeys = async (item: Waiting, otherwise: () => void): Promise<void> => {
    try {
      if (!isAnswered(item, await findKeys(deps.pool, [item.unit]))) otherwise()
    } catch (cause) {
      item.reject(kernelErrors.unavailable({ cause }))
    }
  }

  const run = async (batch: readonly Waiting[], attempt: number): Promise<void> => {
    if (batch.length === 0) return
    const session = await deps.lane.session().catch(rejectEverybody(batch))
    if (!session) return
    const units = batch.map(({ unit }) => unit)
    const result = await runBatch({ session, units, now: deps.clock.micros() })
    if ('outcomes' in result) return settle(batch, result.outcomes)
    if (result.failure.kind === 'unknown' || result.failure.kind === 'session_lost')
      deps.lane.discard(session)
    await recover(batch, result.failure, attempt)
  }
  // No connection within its bound: nobody who waits should wait longer.
  const rejectEverybody = (batch: readonly Waiting[]) => (error: unknown) => {
    for (const item of [...batch, ...room.takeAll()]) item.reject(error)
  }

  const recover = async (batch: readonly Waiting[], failure: Failure, attempt: number): Promise<void> => {
    if (failure.kind === 'unknown' || attempt === maxAttempts) return giveUp(batch, failure.error)
    if (failure.kind === 'conflict' || failure.kind === 'session_lost') return run(batch, attempt + 1)
    if (failure.kind === 'repeated_key') return run(await answerRepeated(batch), attempt + 1)
    if (batch.length === 1) return fail(batch[0]!, failure.error)
    for (const item of batch) await run([item], 1)
  }
  const giveUp = (batch: readonly Waiting[], cause: unknown) => {
    for (const item of batch) item.reject(kernelErrors.unavailable({ cause }))
  }
  /** Answers the units whose keys are taken; the rest goes again. */
  const answerRepeated = async (batch: readonly Waiting[]): Promise<Waiting[]> => {
    try {
      const units = batch.map(({ unit }) => unit)
      const found = await findKeys(deps.pool, units)
      return batch.filter((item) => !isAnswered(item, found))
    } catch (cause) {
      giveUp(batch, cause)
      return []
    }
  }

  const settle = (batch: readonly Waiting[], outcomes: readonly Outcome[]) => {
    const results = outcomes.map((outcome, index) => toResult(batch[index]!.unit, outcome))
    deps.onGroup(toGroup(results))
    batch.forEach((item, index) => {
      answer(item, results[index]!)
    })
  }
  const answer = (item: Waiting, result: Settled) => {
    if (result.outcome === 'failed') return fail(item, result.error)
    if (result.outcome === 'refused') return orReplay(item, () => item.resolve(result))
    for (const key of item.keys) recent.add(key)
    item.resolve(result)
  }
  const fail = (item: Waiting, error: unknown) => orReplay(item, () => item.reject(error))
  // WHY: the guard of a retry fails because the first try moved the row. The key says that it went through.
  const orReplay = (item: Waiting, otherwise: () => void) => {
    if (item.keys.length === 0) otherwise()
    else void answerFromKeys(item, otherwise)
  }

  return {
    commit(unit) {
      const answer = room.accept(unit)
      wake()
      return answer
    },
    drained: () => room.emptied(),
  }
}

/** Answers a unit from the keys that were found. */
function isAnswered({ unit, resolve }: Waiting, found: ReadonlyMap<string, Remembered>): boolean {
  const replay = toReplay(unit, found)
  if (replay) resolve(replay)
  return replay !== undefined
}

type Settled = UnitResult | { outcome: 'failed'; error: unknown }

function toResult({ appends }: PreparedUnit, outcome: Outcome): Settled {
  if (outcome.outcome !== 'committed') return outcome
  const { landings } = outcome
  return {
    outcome: 'committed',
    appended: appends.map((append, index) => toAppended(append, landings[index]!)),
  }
}
