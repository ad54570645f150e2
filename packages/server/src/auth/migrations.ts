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

/** The server's own tables. */
export const serverMigrations: MigrationSet = { owner: 'server', migrations: [credentials] }
