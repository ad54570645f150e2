import type { Engine } from '@parley/kernel/db'
import type { Compilable, Kysely } from 'kysely'
import { isHeld } from '../tables.js'
import { changedOften, table } from './columns.js'

/** Bots, gateways, instances, and what is kept under a name. */
export const who = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  table(db, engine, 'relay_bots', {
    names: ['platform', 'bot_id'],
    texts: ['driver', 'label', 'username?', 'settings', 'sealed?', 'tenants?'],
    bits: ['is_enabled'],
    numbers: ['created_at'],
    key: ['platform', 'bot_id'],
  }),
  table(db, engine, 'relay_provisioned', {
    names: ['tenant', 'platform', 'bot_id'],
    numbers: ['at'],
    key: ['tenant', 'platform', 'bot_id'],
  }),
  db.schema
    .createIndex('relay_provisioned_bots')
    .on('relay_provisioned')
    .columns(['platform', 'bot_id', 'tenant']),
  table(db, engine, 'relay_commands', {
    names: ['platform', 'bot_id', 'tenant'],
    texts: ['manifest'],
    key: ['platform', 'bot_id', 'tenant'],
  }),
  table(db, engine, 'relay_gateways', {
    names: ['gateway_id', 'tenant', 'instance_id'],
    texts: ['primary_sealed', 'secrets'],
    numbers: ['created_at', 'revoked_at?', 'last_seen_at?'],
    key: ['gateway_id'],
  }),
  db.schema
    .createIndex('relay_gateways_instances')
    .on('relay_gateways')
    .columns(['tenant', 'instance_id', 'gateway_id']),
  db.schema.createIndex('relay_gateways_revoked').on('relay_gateways').columns(['revoked_at', 'gateway_id']),
  table(db, engine, 'relay_enrolments', {
    names: ['hash', 'tenant', 'gateway_id?'],
    numbers: ['created_at', 'expires_at', 'used_at?'],
    key: ['hash'],
  }),
  db.schema.createIndex('relay_enrolments_old').on('relay_enrolments').column('expires_at'),
  ...instances(db, engine),
  table(db, engine, 'relay_settings', { names: ['name'], texts: ['value'], key: ['name'] }),
]

const instanceCounts = ['appended', 'appended_bytes', 'floor', 'trimmed', 'dropped', 'created_at']

const instances = (db: Kysely<unknown>, engine: Engine): Compilable[] => [
  changedOften(
    table(db, engine, 'relay_instances', {
      names: ['tenant', 'instance_id', 'stream', 'node?'],
      texts: ['display_name?', 'wake_url?', 'state'],
      numbers: ['epoch', 'live_until?', 'poked_at?', 'acked_at?', ...instanceCounts],
      key: ['tenant', 'instance_id'],
    }),
    engine,
  ),
  // Beats and farewells look for the instances of a node.
  db.schema.createIndex('relay_instances_held').on('relay_instances').column('node').where(isHeld()),
  table(db, engine, 'relay_entries', {
    names: ['tenant', 'instance_id', 'buffer_id'],
    texts: ['kind'],
    numbers: ['position', 'bytes', 'bytes_end', 'created_at', 'expires_at', 'deliveries'],
    key: ['tenant', 'instance_id', 'position'],
  }),
  db.schema.createIndex('relay_entries_ids').unique().on('relay_entries').column('buffer_id'),
  db.schema.createIndex('relay_entries_old').on('relay_entries').columns(['expires_at', 'buffer_id']),
]
