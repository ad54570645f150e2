import { sql } from 'kysely'
import type { Migration } from './port.js'
import { serial } from './serial.js'

/** Tables of the outbox. */
export const deliveryMigration: Migration = {
  name: '004-delivery',
  statements: (db, engine) => [
    // WHY: a number the database gives out. Times of one microsecond and of two nodes' clocks give no order.
    serial(db.schema.createTable('outbox'), 'position', engine)
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('queue', 'text', (column) => column.notNull())
      .addColumn('lane', 'text', (column) => column.notNull())
      .addColumn('dedupe', 'text', (column) => column.notNull())
      .addColumn('payload', 'text', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'bigint', (column) => column.notNull())
      .addColumn('failures', 'bigint', (column) => column.notNull())
      .addColumn('next_at', 'bigint')
      .addColumn('claim', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('last_error', 'text')
      .addColumn('last_status', 'bigint')
      .addUniqueConstraint('outbox_dedupe', ['queue', 'dedupe']),
    // What was sent or died leaves these three, so looking for work costs the same however much history there is.
    db.schema
      .createIndex('outbox_due')
      .on('outbox')
      .columns(['queue', 'next_at'])
      .where(sql.ref('next_at'), 'is not', null),
    db.schema
      .createIndex('outbox_lane')
      .on('outbox')
      .columns(['queue', 'lane', 'position'])
      .where(sql.ref('next_at'), 'is not', null),
    db.schema
      .createIndex('outbox_claim')
      .on('outbox')
      .columns(['claim'])
      .where(sql.ref('claim'), 'is not', null),
    db.schema.createIndex('outbox_state').on('outbox').columns(['queue', 'state', 'position']),
    db.schema
      .createTable('outbox_attempts')
      .addColumn('delivery', 'text', (column) => column.notNull())
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('duration_ms', 'bigint', (column) => column.notNull())
      .addColumn('status', 'bigint')
      .addColumn('error', 'text')
      .addPrimaryKeyConstraint('outbox_attempts_pkey', ['delivery', 'number']),
  ],
}

/** What several lanes are for, and how to find all that is for it. */
export const deliverySubjectMigration: Migration = {
  name: '006-delivery-subject',
  statements: (db) => [
    db.schema.alterTable('outbox').addColumn('subject', 'text'),
    db.schema
      .createIndex('outbox_subject')
      .on('outbox')
      .columns(['queue', 'subject', 'position'])
      .where(sql.ref('subject'), 'is not', null),
  ],
}
