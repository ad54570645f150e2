// The journal's half in the writer's thread: one transaction for a batch, one row of `streams` for each
// stream that moved.
import type { SqlValue } from '../../db/port.js'
import type { Connection } from '../../db/sqlite/connection.js'
import { toFault } from '../../db/sqlite/protocol.js'
import { type DecodedAppend, type DecodedUnit, decodeBatch, draftCells } from './batch.js'
import { createErasure, type Erasure } from './erasure.js'
import { createHeads, type Heads } from './heads.js'
import { type CommitAnswer, type CommitRequest, outcomes } from './protocol.js'
import { createRetryKeys, type Replay, type RetryKeys } from './retry-keys.js'

/** What the worker does for the journal. Everything throws when the database fails as a whole. */
export type Committer = Erasure & { commit(request: CommitRequest): CommitAnswer }

type Tables = {
  connection: Connection
  heads: Heads
  keys: RetryKeys
  insertEvent: ReturnType<Connection['prepare']>
}

/** A committer whose tables are looked for at its first batch, after the migrations. */
export function createCommitter(
  connection: Connection,
  options: { beforeCommit?: () => void } = {},
): Committer {
  let tables: Tables | undefined
  const open = () => {
    tables ??= openTables(connection)
    return tables
  }
  const transact = <T>(work: (tables: Tables) => T): T => transaction(open(), work, options.beforeCommit)
  return {
    commit: (request) => commitBatch(transact, request),
    ...createErasure((work) => transact(({ connection, heads }) => work(connection, heads))),
  }
}

function openTables(connection: Connection): Tables {
  const heads = createHeads(connection)
  const keys = createRetryKeys(connection, heads)
  const insertEvent = connection.prepare(
    `insert into events (stream_id, seq, at, id, type, actor, cause_stream, cause_seq, origin, body)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return { connection, heads, keys, insertEvent }
}

function transaction<T>(tables: Tables, work: (tables: Tables) => T, beforeCommit?: () => void): T {
  const { connection, heads } = tables
  connection.exec('begin immediate')
  try {
    const result = work(tables)
    heads.flush()
    beforeCommit?.()
    connection.exec('commit')
    return result
  } catch (error) {
    // A full disk may have ended the transaction already.
    if (connection.inTransaction()) connection.exec('rollback')
    heads.forget()
    throw error
  }
}

type Transact = <T>(work: (tables: Tables) => T) => T
/** Which units get a savepoint of their own. */
type Savepoints = 'units with ops' | 'all units'

// WHY: a plain append hardly ever fails, so it goes without a savepoint. When one does, the batch is run
//      again with a savepoint for everybody, and only the guilty unit fails.
function commitBatch(transact: Transact, { now, cells }: CommitRequest): CommitAnswer {
  const attempt = (savepoints: Savepoints) =>
    transact((tables) =>
      runUnits({ tables, now, cells, savepoints, answer: { numbers: [], texts: [], faults: [] } }),
    )
  try {
    return attempt('units with ops')
  } catch (error) {
    if (error instanceof PlainAppendFailed) return attempt('all units')
    throw error
  }
}

class PlainAppendFailed extends Error {}

type Batch = {
  tables: Tables
  now: number
  cells: readonly SqlValue[]
  savepoints: Savepoints
  answer: CommitAnswer
}

function runUnits(batch: Batch): CommitAnswer {
  for (const unit of decodeBatch(batch.cells)) {
    const replay = batch.tables.keys.find(unit.appends)
    if (replay) answerReplay(batch.answer, replay)
    else if (unit.ops.length > 0 || batch.savepoints === 'all units') runInSavepoint(batch, unit)
    else runPlain(batch, unit)
  }
  return batch.answer
}

function runPlain(batch: Batch, unit: DecodedUnit): void {
  try {
    batch.answer.numbers.push(outcomes.committed)
    for (const append of unit.appends) runAppend(batch, append)
  } catch (cause) {
    throw new PlainAppendFailed('An append failed.', { cause })
  }
}

function runInSavepoint(batch: Batch, unit: DecodedUnit): void {
  const { tables, answer } = batch
  const { connection, heads } = tables
  const answered = answer.numbers.length
  connection.exec('savepoint unit')
  heads.mark()
  try {
    const refused = runOps(connection, unit)
    if (refused >= 0) {
      undoUnit(tables)
      answer.numbers.push(outcomes.refused, refused)
      return
    }
    answer.numbers.push(outcomes.committed)
    for (const append of unit.appends) runAppend(batch, append)
    connection.exec('release unit')
    heads.release()
  } catch (error) {
    if (!connection.inTransaction()) throw error
    undoUnit(tables)
    answer.numbers.length = answered
    answer.numbers.push(outcomes.raised, answer.faults.push(toFault(error)) - 1)
  }
}

function undoUnit({ connection, heads }: Tables): void {
  connection.exec('rollback to unit')
  connection.exec('release unit')
  heads.undo()
}

/** Index of the guard that touched too few rows, or -1. */
function runOps(connection: Connection, { ops }: DecodedUnit): number {
  return ops.findIndex((op) => connection.run(op) < (op.atLeast ?? 0))
}

function runAppend({ tables, now, cells, answer }: Batch, append: DecodedAppend): void {
  const { id, firstSeq, firstAt } = tables.heads.take(append.stream, append.count, now)
  for (let n = 0; n < append.count; n++) {
    const from = append.draftsAt + n * draftCells
    tables.insertEvent.run([id, firstSeq + n, firstAt + n, ...cells.slice(from, from + draftCells)])
  }
  tables.keys.keep(id, append, firstSeq)
  answer.numbers.push(firstSeq, firstAt)
}

function answerReplay({ numbers, texts }: CommitAnswer, { isSame, found }: Replay): void {
  numbers.push(outcomes.replayed, isSame ? 1 : 0, found.length)
  for (const { append, firstSeq, page } of found) numbers.push(append, firstSeq, texts.push(page) - 1)
}
