// Gathers units into batches: one is under way, the others wait, and its answer sends them all.

import type { SqliteDatabase } from '../../db/sqlite/open.js'
import { kernelErrors } from '../../errors/index.js'
import type { Clock } from '../../ids/index.js'
import type { CommitGroup } from '../journal.js'
import type { UnitResult } from '../port.js'
import type { PreparedUnit } from '../prepare.js'
import { toGroup } from '../to-group.js'
import { encodeBatch } from './batch.js'
import type { CommitAnswer } from './protocol.js'
import { readAnswer, type Settled } from './settle.js'

/** Bounds of the group commit. */
export type GroupLimits = {
  /** Units of one transaction. */
  maxBatch: number
  /** Body characters after which a batch takes no further unit. */
  maxBatchChars: number
  /** Units waiting; past it `commit` rejects with `kernel.unavailable`. */
  maxWaiting: number
  /** Body characters waiting; past it the same. */
  maxWaitingChars: number
}

export type GroupCommit = {
  commit(unit: PreparedUnit): Promise<UnitResult>
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>
}

type Deps = { db: SqliteDatabase; clock: Clock; limits: GroupLimits; onGroup(group: CommitGroup): void }
type Waiting = {
  unit: PreparedUnit
  chars: number
  resolve(result: UnitResult): void
  reject(error: unknown): void
}

/** A group commit over the writer's worker. */
export function createGroupCommit({ db, clock, limits, onGroup }: Deps): GroupCommit {
  let waiting: Waiting[] = []
  let waitingChars = 0
  let isBusy = false
  let isScheduled = false
  const whenDrained: (() => void)[] = []

  const takeBatch = (): Waiting[] => {
    const batch = waiting.slice(0, batchLength(waiting, limits))
    waiting = waiting.slice(batch.length)
    for (const { chars } of batch) waitingChars -= chars
    return batch
  }
  const send = () => {
    isScheduled = false
    if (isBusy || waiting.length === 0) return
    isBusy = true
    const batch = takeBatch()
    const units = batch.map(({ unit }) => unit)
    db.write<CommitAnswer>({ kind: 'commit', now: clock.micros(), cells: encodeBatch(units) }).then(
      (answer) => settle(batch, readAnswer(units, answer)),
      (error) => fail(batch, error),
    )
  }
  const settle = (batch: readonly Waiting[], results: readonly Settled[]) => {
    isBusy = false
    send()
    onGroup(toGroup(results))
    for (const [index, { resolve, reject }] of batch.entries()) {
      const result = results[index] as Settled
      if (result.outcome === 'raised') reject(result.error)
      else resolve(result)
    }
    tellDrained()
  }
  const fail = (batch: readonly Waiting[], error: unknown) => {
    isBusy = false
    for (const { reject } of batch) reject(error)
    send()
    tellDrained()
  }
  const tellDrained = () => {
    if (isBusy || waiting.length > 0) return
    for (const done of whenDrained.splice(0)) done()
  }
  return {
    commit: (unit) =>
      new Promise((resolve, reject) => {
        const chars = charsOf(unit)
        const isFull = waiting.length >= limits.maxWaiting || waitingChars > limits.maxWaitingChars
        if (isFull) return reject(kernelErrors.unavailable({ message: 'Too many writes are waiting.' }))
        waiting.push({ unit, chars, resolve, reject })
        waitingChars += chars
        if (isScheduled || isBusy) return
        isScheduled = true
        queueMicrotask(send)
      }),
    drained: () =>
      new Promise((resolve) => {
        whenDrained.push(resolve)
        tellDrained()
      }),
  }
}

function batchLength(waiting: readonly Waiting[], { maxBatch, maxBatchChars }: GroupLimits): number {
  let chars = 0
  for (const [index, next] of waiting.entries()) {
    if (index >= maxBatch || chars >= maxBatchChars) return index
    chars += next.chars
  }
  return waiting.length
}

function charsOf({ appends }: PreparedUnit): number {
  let chars = 0
  for (const { drafts } of appends) for (const { body } of drafts) chars += body.length
  return chars
}
