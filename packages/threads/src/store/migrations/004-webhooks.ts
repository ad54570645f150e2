import type { Engine, Migration } from '@parley/kernel/db'
import { type RawBuilder, sql } from 'kysely'
import type { WebhookTables } from '../webhooks/rows.js'

// WHY: lists are in the same order on both engines this way.
const named = (engine: Engine): 'text' | RawBuilder<unknown> =>
  engine === 'postgres' ? sql`text collate "C"` : 'text'

/** Endpoints of webhooks, and a number that every change of them counts up. */
export const webhooksMigration: Migration = {
  name: '004-webhooks',
  statements: (db, engine) => [
    db.schema
      .createTable('webhooks')
      .addColumn('id', named(engine), (column) => column.primaryKey())
      .addColumn('tenant_key', named(engine))
      .addColumn('thread_id', named(engine))
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('event_types', 'text', (column) => column.notNull())
      .addColumn('is_enabled', 'bigint', (column) => column.notNull())
      .addColumn('disabled_reason', 'text')
      .addColumn('failing_since', 'bigint')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('secret', 'text', (column) => column.notNull())
      .addColumn('previous_secret', 'text')
      .addColumn('previous_until', 'bigint'),
    db.schema.createIndex('webhooks_listed').on('webhooks').columns(['created_at', 'id']),
    db.schema.createIndex('webhooks_of_tenant').on('webhooks').columns(['tenant_key', 'created_at', 'id']),
    db.schema.createTable('webhooks_state').addColumn('version', 'bigint', (column) => column.notNull()),
    // The one row of the table before.
    db.withTables<WebhookTables>().insertInto('webhooks_state').values({ version: 0 }),
  ],
}
