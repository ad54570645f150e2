import type { Migration } from '@parley/kernel/db'
import { named } from './named.js'

/** How far members have read, and which messages were changed after they were sent. */
export const readsAndDeletions: Migration = {
  name: '002-reads-and-deletions',
  statements: (db, engine) => [
    db.schema
      .alterTable('thread_members')
      .addColumn('read_seq', 'bigint', (column) => column.notNull().defaultTo(0)),
    // WHY: a row for edited ones too. An edit and a deletion at once meet in it, and one of them waits for the other.
    db.schema
      .createTable('changed_messages')
      .addColumn('thread_id', named(engine), (column) => column.notNull())
      .addColumn('event_id', named(engine), (column) => column.notNull())
      .addColumn('deleted_at', 'bigint')
      .addPrimaryKeyConstraint('changed_messages_pkey', ['thread_id', 'event_id']),
  ],
}
