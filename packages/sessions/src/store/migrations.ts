import type { Engine, Migration, MigrationSet } from '@parley/kernel/db'
import type { Compilable, Kysely } from 'kysely'
import { type RawBuilder, sql } from 'kysely'
import { isActive, isDeciding, isOpen, isUnsent, type SessionsTables } from './tables.js'

/**
 * Type of a column that holds an id or another name. WHY: Postgres would sort names in its own locale; lists are in the same
 * order on both engines this way.
 */
const named = (engine: Engine): 'text' | RawBuilder<unknown> =>
  engine === 'postgres' ? sql`text collate "C"` : 'text'

const sessions = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  db.schema
    .createTable('sessions')
    .addColumn('id', named(engine), (column) => column.primaryKey())
    .addColumn('tenant_key', named(engine), (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('agent_name', 'text', (column) => column.notNull())
    .addColumn('spawn', 'text', (column) => column.notNull())
    .addColumn('cwd', 'text')
    .addColumn('title', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('runtime_type', 'text', (column) => column.notNull())
    .addColumn('instance', 'text', (column) => column.notNull())
    .addColumn('runtime_info', 'text')
    .addColumn('host_id', 'text')
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('processing', 'integer', (column) => column.notNull())
    .addColumn('auto_approve', 'integer', (column) => column.notNull())
    .addColumn('queue', 'text')
    .addColumn('commands', 'text', (column) => column.notNull())
    .addColumn('callback_hash', 'text', (column) => column.notNull())
    .addColumn('calls_back', 'integer', (column) => column.notNull())
    .addColumn('ended', 'text'),
  db.schema.createIndex('sessions_listed').on('sessions').columns(['tenant_key', 'updated_at', 'id']),
  // Few sessions are active at any time, and only those are looked for by host, instance or age.
  db.schema.createIndex('sessions_active').on('sessions').columns(['started_at', 'id']).where(isActive()),
  db.schema
    .createTable('session_webhooks')
    .addColumn('session_id', named(engine), (column) => column.notNull())
    .addColumn('id', named(engine), (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('secret', 'text', (column) => column.notNull())
    .addColumn('events', 'text')
    .addPrimaryKeyConstraint('session_webhooks_pkey', ['session_id', 'id']),
  db.schema
    .createTable('session_permissions')
    .addColumn('session_id', named(engine), (column) => column.notNull())
    .addColumn('request_id', named(engine), (column) => column.notNull())
    .addColumn('decision_id', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('session_permissions_pkey', ['session_id', 'request_id']),
  db.schema
    .createIndex('session_permissions_open')
    .on('session_permissions')
    .columns(['session_id', 'asked_at', 'request_id'])
    .where(isOpen()),
  db.schema
    .createIndex('session_permissions_deciding')
    .on('session_permissions')
    .columns(['asked_at', 'session_id', 'request_id'])
    .where(isDeciding()),
]

const runtimes = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  db.schema
    .createTable('agent_templates')
    .addColumn('id', named(engine), (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('spawn', 'text', (column) => column.notNull())
    .addColumn('runtime', 'text', (column) => column.notNull())
    .addColumn('env', 'text')
    .addColumn('managed_position', 'integer')
    .addColumn('created_at', 'bigint', (column) => column.notNull()),
  db.schema
    .createTable('runtime_instances')
    .addColumn('name', named(engine), (column) => column.primaryKey())
    .addColumn('type_name', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull()),
  db.schema
    .createTable('hosts')
    .addColumn('id', named(engine), (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('acked_epoch', 'text')
    .addColumn('acked_n', 'bigint')
    .addColumn('lost_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull()),
  db.schema
    .createTable('host_calls')
    .addColumn('key', named(engine), (column) => column.primaryKey())
    .addColumn('host_id', named(engine), (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('rank', 'integer', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('body', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull()),
  db.schema
    .createIndex('host_calls_in_order')
    .on('host_calls')
    .columns(['host_id', 'rank', 'created_at', 'key']),
]

const messages = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  // An id is never given twice, also when the newest messages are removed: `nextId` asks the sequence behind this column.
  db.schema
    .createTable('queued_messages')
    .addColumn('id', engine === 'postgres' ? 'bigserial' : 'integer', (column) =>
      engine === 'postgres' ? column.primaryKey() : column.primaryKey().autoIncrement(),
    )
    .addColumn('tenant_key', named(engine), (column) => column.notNull())
    .addColumn('sender', 'text', (column) => column.notNull())
    .addColumn('session_id', named(engine))
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('runtime', 'text', (column) => column.notNull())
    .addColumn('agent', 'text', (column) => column.notNull())
    .addColumn('agent_template_id', 'text')
    .addColumn('directory', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('sent_at', 'bigint'),
  db.schema
    .createIndex('queued_messages_listed')
    .on('queued_messages')
    .columns(['tenant_key', 'created_at', 'id']),
  db.schema
    .createIndex('queued_messages_unsent')
    .on('queued_messages')
    .columns(['session_id', 'created_at', 'id'])
    .where(isUnsent()),
  db.schema
    .createTable('sessions_settings')
    .addColumn('auto_approve', 'integer', (column) => column.notNull()),
  // The one row of the table before.
  db.withTables<SessionsTables>().insertInto('sessions_settings').values({ auto_approve: 0 }),
]

const tables: Migration = {
  name: '001-sessions',
  statements: (db, engine) => [...sessions(db, engine), ...runtimes(db, engine), ...messages(db, engine)],
}

/** The plane's tables. */
export const sessionsMigrations: MigrationSet = { owner: 'sessions', migrations: [tables] }
