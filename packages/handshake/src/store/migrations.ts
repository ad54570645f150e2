import type { Migration, MigrationSet } from '@parley/kernel/db'
import { sql } from 'kysely'

const tables: Migration = {
  name: '001-handshakes',
  statements: (db) => [
    db.schema
      .createTable('handshakes')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('mode', 'text')
      .addColumn('handler', 'text', (column) => column.notNull())
      .addColumn('schema', 'text', (column) => column.notNull())
      .addColumn('meta', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('tenant_key', 'text', (column) => column.notNull())
      .addColumn('end_reason', 'text')
      .addColumn('ended_at', 'bigint')
      .addColumn('ttl_seconds', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('touched_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('changes', 'bigint', (column) => column.notNull())
      .addColumn('last_at', 'bigint', (column) => column.notNull())
      .addColumn('token_hash', 'text', (column) => column.notNull())
      .addColumn('agent_token_hash', 'text')
      .addColumn('claim', 'text')
      .addColumn('browser_key_hash', 'text', (column) => column.notNull()),
    db.schema
      .createTable('handshake_fields')
      .addColumn('handshake_id', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('position', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('handshake_fields_pkey', ['handshake_id', 'key']),
    db.schema.createIndex('handshakes_listed').on('handshakes').columns(['tenant_key', 'created_at', 'id']),
    // The sweep asks for open ones by their end; ended ones drop out of this index.
    db.schema
      .createIndex('handshakes_open')
      .on('handshakes')
      .column('expires_at')
      .where(sql<boolean>`ended_at is null`),
    db.schema
      .createIndex('handshakes_ended')
      .on('handshakes')
      .column('ended_at')
      .where(sql<boolean>`ended_at is not null`),
  ],
}

/** The plane's tables. */
export const handshakeMigrations: MigrationSet = { owner: 'handshake', migrations: [tables] }
