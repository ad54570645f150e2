// What the journal's cases are made of.
import { sql } from 'kysely'
import { type Database, type MigrationSet, type Op, toOp } from '../../db/index.js'
import { type Clock, type Micros, sleepWith, systemClock } from '../../ids/index.js'
import type { Journal } from '../journal.js'
import type { Append, Draft, Unit } from '../port.js'

type Things = { things: { name: string; version: number } }

/** Opens a migrated database with its journal, for one case. */
export type Open = (clock?: Clock) => Promise<{ db: Database; journal: Journal }>
/** One promise of the journal: rejects when it is broken. */
export type Case = (open: Open) => Promise<void>

/** A table whose rows the units of the cases guard and change. */
export const things: MigrationSet = {
  owner: 'journal-conformance',
  migrations: [
    {
      name: '001-things',
      statements: (db) => [
        db.schema
          .createTable('things')
          .addColumn('name', 'text', (column) => column.primaryKey())
          .addColumn('version', 'integer', (column) => column.notNull().defaultTo(sql`1`)),
      ],
    },
  ],
}

/** The table, typed. */
export function tables(db: Database) {
  return db.tables<Things>()
}

/** Adds a thing with version 1; raises when it is there. */
export function addThing(db: Database, name: string): Op {
  return toOp(tables(db).insertInto('things').values({ name, version: 1 }))
}

/** Moves a thing to the next version; a guard that it had version `from`. */
export function moveThing(db: Database, name: string, from: number): Op {
  const move = tables(db)
    .updateTable('things')
    .set({ version: from + 1 })
  return toOp(move.where('name', '=', name).where('version', '=', from), 1)
}

/** All things by name. */
export function thingsOf(db: Database) {
  return tables(db).selectFrom('things').selectAll().orderBy('name').execute()
}

/** Numbers of the events that a stream still has. */
export async function seqsOf(journal: Journal, stream: string): Promise<number[]> {
  return (await journal.read(stream, { after: 0, limit: 1000 })).events.map(({ seq }) => seq)
}

/** A draft by the same actor every time. */
export function draft(body: unknown): Draft {
  return { type: 'thing.happened', actor: { kind: 'user', id: 'u1', name: 'Somebody' }, body }
}

/** A unit that appends to one stream. */
export function appending(stream: string, ...drafts: Draft[]): Unit {
  return { ops: [], appends: [{ stream, drafts }] }
}

/** An append with a retry key. */
export function keyed(stream: string, key: string, ...drafts: Draft[]): Append {
  return { stream, drafts, key }
}

/** A clock that stands still. */
export function clockAt(micros: Micros): Clock {
  const after: Clock['after'] = systemClock.after
  return {
    now: () => micros / 1000,
    micros: () => micros,
    after,
    sleep: (ms, signal) => sleepWith(after, ms, signal),
  }
}
