import type { Engine } from '@parley/kernel/db'
import type { Compilable, Kysely } from 'kysely'
import { table } from './columns.js'

/** Whose messages go where: links and routing. */
export const where = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  ...links(db, engine),
  ...routing(db, engine),
  ...conversations(db, engine),
]

const links = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  table(db, engine, 'relay_bindings', {
    names: ['tenant', 'platform', 'user_id', 'instance_id'],
    numbers: ['linked_at', 'dm_default_at?'],
    key: ['tenant', 'platform', 'user_id'],
  }),
  db.schema.createIndex('relay_bindings_people').on('relay_bindings').columns(['platform', 'user_id']),
  db.schema
    .createIndex('relay_bindings_instances')
    .on('relay_bindings')
    .columns(['tenant', 'instance_id', 'platform', 'user_id']),
  table(db, engine, 'relay_link_codes', {
    names: ['hash', 'tenant', 'instance_id', 'platform'],
    numbers: ['expires_at'],
    key: ['hash'],
  }),
  db.schema.createIndex('relay_link_codes_old').on('relay_link_codes').column('expires_at'),
  db.schema
    .createIndex('relay_link_codes_instances')
    .on('relay_link_codes')
    .columns(['tenant', 'instance_id']),
]

const routing = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  table(db, engine, 'relay_route_keys', {
    names: ['platform', 'key', 'tenant'],
    numbers: ['at'],
    key: ['platform', 'key'],
  }),
  db.schema
    .createIndex('relay_route_keys_tenants')
    .on('relay_route_keys')
    .columns(['tenant', 'platform', 'key']),
  table(db, engine, 'relay_grants', {
    names: ['platform', 'scope_id', 'chat_id', 'tenant', 'instance_id'],
    numbers: ['created_at'],
    key: ['platform', 'scope_id', 'chat_id'],
  }),
  db.schema.createIndex('relay_grants_instances').on('relay_grants').columns(['tenant', 'instance_id']),
  table(db, engine, 'relay_policies', {
    names: ['tenant', 'instance_id', 'platform'],
    texts: ['principals?', 'relevance?'],
    key: ['tenant', 'instance_id', 'platform'],
  }),
]

const conversations = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  table(db, engine, 'relay_conversations', {
    names: ['tenant', 'instance_id', 'platform', 'bot_id', 'chat_id', 'user_id'],
    texts: ['chat_type', 'chat_name?', 'scope_id?', 'thread_id?', 'session_key'],
    numbers: ['last_seen_at'],
    key: ['tenant', 'instance_id', 'platform', 'bot_id', 'chat_id', 'user_id'],
  }),
  db.schema
    .createIndex('relay_conversations_people')
    .on('relay_conversations')
    .columns(['tenant', 'platform', 'user_id']),
  db.schema
    .createIndex('relay_conversations_chats')
    .on('relay_conversations')
    .columns(['platform', 'bot_id', 'chat_id']),
  db.schema
    .createIndex('relay_conversations_latest')
    .on('relay_conversations')
    .columns(['tenant', 'last_seen_at']),
  db.schema.createIndex('relay_conversations_old').on('relay_conversations').column('last_seen_at'),
  table(db, engine, 'relay_session_routes', {
    names: ['tenant', 'session_key', 'instance_id', 'chat_id'],
    numbers: ['last_seen_at'],
    key: ['tenant', 'session_key'],
  }),
  db.schema.createIndex('relay_session_routes_old').on('relay_session_routes').column('last_seen_at'),
  db.schema
    .createIndex('relay_session_routes_instances')
    .on('relay_session_routes')
    .columns(['tenant', 'instance_id']),
]
