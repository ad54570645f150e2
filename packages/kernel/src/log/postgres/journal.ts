// The durable half of the log on Postgres.
import type { PostgresDatabase } from '../../db/postgres/open-postgres.js'
import { kernelErrors } from '../../errors/index.js'
import type { Ids } from '../../ids/index.js'
import type { CommitGroup, Journal } from '../journal.js'
import { type PreparedUnit, prepareUnit } from '../prepare.js'
import { createCommitter } from './committer.js'
import { postgresEraser } from './eraser.js'
import { openLane } from './lane.js'
import { postgresReader } from './reader.js'
import { defaultGroupLimits, type GroupLimits } from './waiting.js'

/** What a Postgres journal is made with. */
export type PostgresJournalOptions = {
  ids: Ids
  limits?: Partial<GroupLimits>
  /** Longest wait of a commit for a connection that was lost. Default 10,000. */
  reconnectWithinMs?: number
  /** A connection that does not answer for so long is given up. Default 30,000. */
  answerWithinMs?: number
}

/**
 * The journal of a database that has the kernel's tables. It writes over one connection of its own and reads
 * through the database's pool, which stays open when it closes: `close` commits what was accepted before.
 * Rejects with the retryable `kernel.unavailable` when the connection was lost and the commit's outcome is
 * not known; a unit with retry keys can then be sent again safely.
 */
export function postgresJournal(db: PostgresDatabase, options: PostgresJournalOptions): Journal {
  const listeners = new Set<(group: CommitGroup) => void>()
  const { pool, clock, connection } = db
  const lane = openLane({
    connection,
    clock,
    onFault: (error) => db.onFault(error, 'postgres log'),
    reconnectWithinMs: options.reconnectWithinMs ?? 10_000,
    answerWithinMs: options.answerWithinMs ?? 30_000,
  })
  const onGroup = (group: CommitGroup) => {
    if (group.length === 0) return
    for (const listener of listeners) {
      try {
        listener(group)
      } catch (error) {
        db.onFault(error, 'log.onCommit')
      }
    }
  }
  const limits = { ...defaultGroupLimits, ...options.limits }
  const committer = createCommitter({ lane, pool, clock, limits, onGroup })
  const eraser = postgresEraser(pool)
  let closing: Promise<void> | undefined
  const erase = async (work: () => Promise<void>) => {
    if (closing) throw kernelErrors.closed()
    await work()
  }
  return {
    ...postgresReader(pool),
    async commit(unit) {
      if (closing) throw kernelErrors.closed()
      const prepared = prepareUnit(unit, options.ids)
      assertStorable(prepared)
      if (unit.ops.length === 0 && unit.appends.length === 0) return { outcome: 'committed', appended: [] }
      return committer.commit(prepared)
    },
    blank: (stream, seqs) => erase(() => eraser.blank(stream, seqs)),
    trim: (stream, before) => erase(() => eraser.trim(stream, before)),
    drop: (stream) => erase(() => eraser.drop(stream)),
    onCommit(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      closing ??= committer.drained().then(() => lane.close())
      return closing
    },
  }
}

/** Refuses what the database can't take before it spoils a batch: NUL, and parameters that are no SQL value. */
function assertStorable({ ops, appends }: PreparedUnit): void {
  for (const { params } of ops) for (const param of params) assertValue(param)
  for (const { stream, drafts, key } of appends) {
    assertText(stream, key?.actor, key?.key)
    for (const { id, type, origin, cause, body, actorText } of drafts)
      assertText(id, type, origin, cause?.stream, body, actorText)
  }
}

function assertText(...texts: readonly (string | undefined)[]): void {
  if (!texts.some((text) => text?.includes('\0'))) return
  throw kernelErrors.invalidRequest({ message: 'Text with a NUL character can not be stored.' })
}

function assertValue(value: unknown): void {
  if (value === null || ['string', 'number', 'bigint'].includes(typeof value)) return
  if (value instanceof Uint8Array) return
  throw new TypeError(`A statement has a parameter of type ${typeof value}, which is no SQL value.`)
}
