import { type Database, type Op, toOp } from '@parley/kernel/db'
import type { ExpressionBuilder } from 'kysely'
import { toKey } from './keys.js'
import type { InstanceKey } from './port.js'
import type { RelayTables } from './tables.js'

/** Tables whose rows belong to one instance. The instance itself comes first: its row is what appends wait for. */
const ownTables = [
  'relay_instances',
  'relay_entries',
  'relay_bindings',
  'relay_link_codes',
  'relay_grants',
  'relay_policies',
  'relay_conversations',
  'relay_session_routes',
  'relay_vault',
  'relay_prompts',
] as const satisfies (keyof RelayTables)[]

export function removeInstance(database: Database, key: InstanceKey): Op[] {
  const db = database.tables<RelayTables>()
  return ownTables.map((table) => toOp(db.deleteFrom(table).where(isOfKey(key))))
}

/** The condition that a row belongs to an instance. */
export const isOfKey =
  (key: InstanceKey) =>
  <Tables extends Record<Name, { tenant: string; instance_id: string }>, Name extends keyof Tables>(
    is: ExpressionBuilder<Tables, Name>,
  ) =>
    // The cast: every table here has the two columns.
    (is as unknown as ExpressionBuilder<RelayTables, 'relay_instances'>).and(toKey(key))
