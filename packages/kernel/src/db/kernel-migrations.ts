import { sql } from 'kysely'
import { decisionsMigration } from './decisions-migration.js'
import { deliveryMigration, deliverySubjectMigration } from './delivery-migration.js'
import type { Migration, MigrationSet } from './port.js'
import { serial } from './serial.js'

const log: Migration = {
  name: '001-log',
  statements: (db, engine) => {
    const streams = serial(db.schema.createTable('streams'), 'id', engine)
      .addColumn('name', 'text', (column) => column.notNull().unique())
      .addColumn('head', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('first', 'bigint', (column) => column.notNull().defaultTo(1))
    // WHY: an ordinary rowid table with a unique index. Clustered by stream, a batch that touches a hundred
    //      streams rewrites a hundred leaf pages; this way its rows share pages at the end.
    const events = db.schema
      .createTable('events')
      .addColumn('stream_id', 'bigint', (column) => column.notNull())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('cause_stream', 'text')
      .addColumn('cause_seq', 'bigint')
      .addColumn('origin', 'text')
      .addColumn('body', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('events_pkey', ['stream_id', 'seq'])
    const keys = db.schema
      .createTable('append_keys')
      .addColumn('stream_id', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('first_seq', 'bigint', (column) => column.notNull())
      .addColumn('n', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('append_keys_pkey', ['stream_id', 'actor', 'key'])
    // WHY: every append updates its stream's row; half-empty pages let Postgres do it in place.
    return [engine === 'postgres' ? streams.modifyEnd(sql`with (fillfactor = 50)`) : streams, events, keys]
  },
}

const leases: Migration = {
  name: '002-leases',
  statements: (db) => [
    db.schema
      .createTable('leases')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('holder', 'text', (column) => column.notNull())
      .addColumn('epoch', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull()),
  ],
}

const eventsById: Migration = {
  name: '005-events-by-id',
  // WHY: not by stream and id. Ids grow with time, so this index grows at its end whatever stream is written to.
  statements: (db) => [db.schema.createIndex('events_by_id').on('events').column('id')],
}

/** The kernel's own tables. */
export const kernelMigrations: MigrationSet = {
  owner: 'kernel',
  migrations: [log, leases, decisionsMigration, deliveryMigration, eventsById, deliverySubjectMigration],
}
