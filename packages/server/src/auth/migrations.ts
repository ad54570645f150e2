import type { Migration, MigrationSet } from '@parley/kernel/db'

const credentials: Migration = {
  name: '001-credentials',
  statements: (db) => [
    db.schema
      .createTable('owner_links')
      .addColumn('code_hash', 'text', (column) => column.primaryKey())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addColumn('used_at', 'bigint'),
    db.schema
      .createTable('browser_sessions')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('principal', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull()),
    db.schema
      .createTable('api_keys')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('key_hash', 'text', (column) => column.notNull().unique())
      .addColumn('scopes', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('last_used_at', 'bigint'),
  ],
}

const tenants: Migration = {
  name: '002-tenants-and-tokens',
  statements: (db) => [
    db.schema
      .alterTable('api_keys')
      .addColumn('tenant', 'text', (column) => column.notNull().defaultTo('{}')),
    db.schema
      .createTable('act_as_tokens')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('identity_id', 'text', (column) => column.notNull())
      .addColumn('identity', 'text', (column) => column.notNull())
      .addColumn('maker_id', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull()),
    db.schema.createIndex('act_as_tokens_of').on('act_as_tokens').column('identity_id'),
    db.schema.createIndex('act_as_tokens_by').on('act_as_tokens').column('maker_id'),
    db.schema.createIndex('act_as_tokens_old').on('act_as_tokens').column('expires_at'),
  ],
}

/** The server's own tables. */
export const serverMigrations: MigrationSet = { owner: 'server', migrations: [credentials, tenants] }
