import type { Migration } from '@parley/kernel/db'
import { sql } from 'kysely'
import { named } from './named.js'

/** Which decision of the kernel is about which form or call of a tool. */
export const questions: Migration = {
  name: '003-questions',
  statements: (db, engine) => [
    db.schema
      .createTable('questions')
      .addColumn('thread_id', named(engine), (column) => column.notNull())
      .addColumn('event_id', named(engine), (column) => column.notNull())
      .addColumn('subject_id', named(engine), (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('decision_id', 'text', (column) => column.notNull())
      .addColumn('run_id', 'text')
      .addPrimaryKeyConstraint('questions_pkey', ['thread_id', 'event_id', 'subject_id']),
    // People name a call by its id only.
    db.schema
      .createIndex('questions_of_tools')
      .on('questions')
      .columns(['thread_id', 'subject_id', 'event_id'])
      .where(sql<boolean>`kind = 'tool'`),
  ],
}
