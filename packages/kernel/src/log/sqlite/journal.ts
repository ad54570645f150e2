// The durable half of the log on SQLite.
import type { SqlValue } from '../../db/port.js'
import type { SqliteDatabase } from '../../db/sqlite/open.js'
import type { WorkerRequest } from '../../db/sqlite/protocol.js'
import { kernelErrors } from '../../errors/index.js'
import type { Clock, Ids, StreamId } from '../../ids/index.js'
import type { CommitGroup, Journal } from '../journal.js'
import { prepareUnit } from '../prepare.js'
import { createGroupCommit, type GroupLimits } from './group-commit.js'
import { lastPage, pageById, parsePage, readPage } from './pages.js'

/** What a SQLite journal is made with. */
export type SqliteJournalOptions = {
  clock: Clock
  ids: Ids
  /** Told when a listener of `onCommit` throws. */
  onFault?(error: unknown, where: string): void
  limits?: Partial<GroupLimits>
}

const defaultLimits: GroupLimits = {
  maxBatch: 1024,
  maxBatchChars: 8 * 1024 * 1024,
  maxWaiting: 100_000,
  maxWaitingChars: 256 * 1024 * 1024,
}

/**
 * The journal of a database that has the kernel's tables. The database can have one journal, and stays
 * open when it closes: `close` commits what was accepted before.
 */
export function sqliteJournal(db: SqliteDatabase, options: SqliteJournalOptions): Journal {
  const { clock, ids, onFault } = options
  const listeners = new Set<(group: CommitGroup) => void>()
  const erasing = new Set<Promise<void>>()
  let isClosed = false

  const onGroup = (group: CommitGroup) => {
    if (group.length === 0) return
    for (const listener of listeners) {
      try {
        listener(group)
      } catch (error) {
        onFault?.(error, 'log.onCommit')
      }
    }
  }
  const limits = { ...defaultLimits, ...options.limits }
  const group = createGroupCommit({ db, clock, limits, onGroup })
  const assertOpen = () => {
    if (isClosed) throw kernelErrors.closed()
  }
  const erase = async (request: WorkerRequest): Promise<void> => {
    assertOpen()
    const done = db.write<void>(request)
    erasing.add(done)
    await done.finally(() => erasing.delete(done))
  }
  return {
    ...journalReads(db),
    commit: async (unit) => {
      assertOpen()
      return group.commit(prepareUnit(unit, ids))
    },
    blank: (stream, seqs) => erase({ kind: 'blank', stream, seqs }),
    trim: (stream, before) => erase({ kind: 'trim', stream, before }),
    drop: (stream) => erase({ kind: 'drop', stream }),
    onCommit: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: async () => {
      isClosed = true
      await Promise.allSettled([group.drained(), ...erasing])
    },
  }
}

function journalReads(db: SqliteDatabase): Pick<Journal, 'read' | 'last' | 'find' | 'heads'> {
  return {
    read: async (stream, { after, limit }) => {
      const [head, first, page] = await db.cells({ sql: readPage, params: [after, limit, stream] })
      if (page === undefined) return { events: [], head: 0, first: 1 }
      return { events: parsePage(stream, String(page)), head: Number(head), first: Number(first) }
    },
    last: async (stream, { limit, before = Number.MAX_SAFE_INTEGER }) => {
      const [page = '[]'] = await db.cells({ sql: lastPage, params: [before, limit, stream] })
      return parsePage(stream, String(page)).reverse()
    },
    find: async (stream, id) => {
      const [page = '[]'] = await db.cells({ sql: pageById, params: [id, stream] })
      return parsePage(stream, String(page))[0]
    },
    heads: async (streams) => {
      const sql = 'select name, head from streams where name in (select value from json_each(?))'
      return toHeads(await db.cells({ sql, params: [JSON.stringify(streams)] }))
    },
  }
}

function toHeads(cells: readonly SqlValue[]): Map<StreamId, number> {
  const heads = new Map<StreamId, number>()
  for (let at = 0; at < cells.length; at += 2) heads.set(String(cells[at]), Number(cells[at + 1]))
  return heads
}
