import type { Engine } from '@parley/kernel/db'
import type { Compilable, Kysely } from 'kysely'
import { isUnsettled } from '../tables.js'
import { table } from './columns.js'

/** What goes out and what is kept for it: capabilities, prompts, receipts, media. */
export const what = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  ...capabilities(db, engine),
  ...receipts(db, engine),
  ...media(db, engine),
]

const capabilities = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  table(db, engine, 'relay_vault', {
    names: ['tenant', 'session_key', 'kind', 'instance_id', 'platform', 'bot_id'],
    texts: ['sealed'],
    numbers: ['expires_at', 'uses'],
    key: ['tenant', 'session_key', 'kind'],
  }),
  db.schema.createIndex('relay_vault_old').on('relay_vault').column('expires_at'),
  db.schema.createIndex('relay_vault_instances').on('relay_vault').columns(['tenant', 'instance_id']),
  table(db, engine, 'relay_prompts', {
    names: ['platform', 'bot_id', 'chat_id', 'prompt_id', 'tenant', 'instance_id'],
    texts: ['message_id?', 'options', 'rung'],
    numbers: ['created_at', 'expires_at'],
    key: ['platform', 'bot_id', 'chat_id', 'prompt_id', 'tenant', 'instance_id'],
  }),
  db.schema.createIndex('relay_prompts_old').on('relay_prompts').column('expires_at'),
  db.schema.createIndex('relay_prompts_instances').on('relay_prompts').columns(['tenant', 'instance_id']),
]

const receipts = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  table(db, engine, 'relay_receipts', {
    names: ['id', 'tenant', 'instance_id', 'platform', 'bot_id', 'chat_id', 'message_id?', 'node?'],
    texts: ['gateway_id', 'request_id', 'op', 'action', 'state', 'rung?', 'error?'],
    numbers: ['attempts', 'created_at', 'updated_at'],
    key: ['id'],
  }),
  db.schema.createIndex('relay_receipts_latest').on('relay_receipts').columns(['created_at', 'id']),
  db.schema.createIndex('relay_receipts_listed').on('relay_receipts').columns(['tenant', 'created_at', 'id']),
  // Few are open or failed, and they are what is looked for.
  db.schema
    .createIndex('relay_receipts_unsettled')
    .on('relay_receipts')
    .columns(['state', 'created_at', 'id'])
    .where(isUnsettled()),
  db.schema
    .createIndex('relay_receipts_messages')
    .on('relay_receipts')
    .columns(['platform', 'bot_id', 'chat_id', 'message_id']),
]

const media = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  table(db, engine, 'relay_media', {
    names: ['id', 'owner_tenant?', 'owner_instance_id?'],
    texts: ['mime', 'filename'],
    numbers: ['size', 'created_at', 'expires_at'],
    key: ['id'],
  }),
  db.schema.createIndex('relay_media_old').on('relay_media').column('expires_at'),
  db.schema
    .createIndex('relay_media_owners')
    .on('relay_media')
    .columns(['owner_tenant', 'owner_instance_id']),
  table(db, engine, 'relay_media_tenants', {
    names: ['tenant', 'media_id'],
    key: ['tenant', 'media_id'],
  }),
  db.schema.createIndex('relay_media_seen').on('relay_media_tenants').column('media_id'),
  table(db, engine, 'relay_media_chunks', {
    names: ['media_id'],
    numbers: ['position', 'created_at'],
    bytes: ['bytes'],
    key: ['media_id', 'position'],
  }),
  db.schema.createIndex('relay_media_chunks_old').on('relay_media_chunks').column('created_at'),
]
