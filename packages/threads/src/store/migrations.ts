import type { Migration, MigrationSet } from '@parley/kernel/db'
import { sql } from 'kysely'
import { readsAndDeletions } from './migrations/002-reads-and-deletions.js'
import { questions } from './migrations/003-questions.js'
import { webhooksMigration } from './migrations/004-webhooks.js'
import { named } from './migrations/named.js'
import { operatorIndex } from './operator-reads.js'
import { isActive } from './rows.js'

const tables: Migration = {
  name: '001-threads',
  statements: (db, engine) => [
    db.schema
      .createTable('threads')
      .addColumn('id', named(engine), (column) => column.primaryKey())
      .addColumn('tenant_key', named(engine), (column) => column.notNull())
      .addColumn('metadata', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull()),
    db.schema
      .createTable('thread_members')
      .addColumn('thread_id', named(engine), (column) => column.notNull())
      .addColumn('identity_id', named(engine), (column) => column.notNull())
      .addColumn('identity', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('added_at', 'bigint', (column) => column.notNull())
      .addColumn('added_by', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('thread_members_pkey', ['thread_id', 'identity_id']),
    db.schema
      .createTable('runs')
      .addColumn('id', named(engine), (column) => column.primaryKey())
      .addColumn('thread_id', named(engine), (column) => column.notNull())
      .addColumn('assistant_id', named(engine), (column) => column.notNull())
      .addColumn('assistant', 'text', (column) => column.notNull())
      .addColumn('triggered_by', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('started_at', 'bigint', (column) => column.notNull())
      .addColumn('running_at', 'bigint')
      .addColumn('completed_at', 'bigint')
      .addColumn('error', 'text')
      .addColumn('idempotency_key', 'text')
      .addColumn('metadata', 'text', (column) => column.notNull())
      .addColumn('depth', 'bigint', (column) => column.notNull())
      .addColumn('queued_by', 'text')
      .addColumn('lease_expires_at', 'bigint', (column) => column.notNull()),
    db.schema
      .createTable('invocations')
      .addColumn('thread_id', named(engine), (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('assistant_ids', 'text', (column) => column.notNull())
      .addColumn('run_ids', 'text', (column) => column.notNull()),
    db.schema.createIndex('threads_listed').on('threads').columns(['tenant_key', 'created_at', 'id']),
    db.schema
      .createIndex('thread_members_threads')
      .on('thread_members')
      .columns(['identity_id', 'thread_id']),
    db.schema
      .createIndex('runs_active_per_assistant')
      .unique()
      .on('runs')
      .columns(['thread_id', 'assistant_id'])
      .where(isActive()),
    // A key never starts an assistant twice, nor stands for two sets of assistants.
    db.schema
      .createIndex('runs_key_per_assistant')
      .unique()
      .on('runs')
      .columns(['thread_id', 'idempotency_key', 'assistant_id'])
      .where(sql<boolean>`idempotency_key is not null`),
    db.schema.createIndex('runs_idempotency').unique().on('invocations').columns(['thread_id', 'key']),
    db.schema.createIndex('runs_listed').on('runs').columns(['thread_id', 'started_at', 'id']),
    // The sweep asks for active ones by the end of their lease; the others drop out of this index.
    db.schema.createIndex('runs_leased').on('runs').columns(['lease_expires_at', 'id']).where(isActive()),
  ],
}

/** The plane's tables. */
export const threadsMigrations: MigrationSet = {
  owner: 'threads',
  migrations: [tables, readsAndDeletions, operatorIndex, questions, webhooksMigration],
}
