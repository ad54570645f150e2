import { sql } from 'kysely'
import type { Migration } from './port.js'

/** The table of decisions; see `decisions/port.ts` for what its columns mean. */
export const decisionsMigration: Migration = {
  name: '003-decisions',
  statements: (db) => [
    db.schema
      .createTable('decisions')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('stream', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('question', 'text', (column) => column.notNull())
      .addColumn('asker', 'text', (column) => column.notNull())
      .addColumn('asker_key', 'text', (column) => column.notNull())
      .addColumn('may_answer', 'text', (column) => column.notNull())
      .addColumn('deadline', 'bigint')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('answer', 'text')
      .addColumn('answered_by', 'text')
      .addColumn('automatic', 'integer', (column) => column.notNull())
      .addColumn('answered_at', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('tenant_key', 'text'),
    // WHY: few decisions are open at any time, and only those are looked for by deadline or counted by stream.
    db.schema
      .createIndex('decisions_due')
      .on('decisions')
      .columns(['kind', 'deadline'])
      .where(sql.ref('state'), '=', sql.lit('open')),
    db.schema.createIndex('decisions_of_stream').on('decisions').columns(['stream', 'state']),
    db.schema
      .createIndex('decisions_of_tenant')
      .on('decisions')
      .columns(['tenant_key', 'created_at', 'id'])
      .where(sql.ref('tenant_key'), 'is not', null),
  ],
}
