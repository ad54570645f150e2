import { type Database, toOp } from '@parley/kernel/db'
import type { Selectable } from 'kysely'
import { fromName, toName } from './columns.js'
import { fromBotKey, fromKey, toBotKey, toKey } from './keys.js'
import type { CapabilityRow, VaultRows } from './port.js'
import type { RelayTables } from './tables.js'

type Table = RelayTables['relay_vault']

export function vaultStatements(database: Database): VaultRows {
  const db = database.tables<RelayTables>()
  return {
    bind: (row) => {
      const { tenant, session_key, kind, ...rest } = toCapability(row)
      return toOp(
        db
          .insertInto('relay_vault')
          .values({ tenant, session_key, kind, ...rest })
          .onConflict((conflict) => conflict.columns(['tenant', 'session_key', 'kind']).doUpdateSet(rest)),
      )
    },

    find: async (tenant, sessionKey, kind) => {
      const row = await db
        .selectFrom('relay_vault')
        .selectAll()
        .where('tenant', '=', toName(tenant))
        .where('session_key', '=', toName(sessionKey))
        .where('kind', '=', toName(kind))
        .executeTakeFirst()
      return row && fromCapability(row)
    },

    used: (row) =>
      toOp(
        db
          .updateTable('relay_vault')
          .set({ uses: row.uses + 1 })
          .where('tenant', '=', toName(row.tenant))
          .where('instance_id', '=', toName(row.instanceId))
          .where('kind', '=', toName(row.kind))
          .where('expires_at', '=', row.expiresAt)
          .where('uses', '=', row.uses),
        1,
      ),

    purge: (before) => toOp(db.deleteFrom('relay_vault').where('expires_at', '<', before)),
  }
}

const toCapability = (row: CapabilityRow): Table => ({
  ...toKey(row),
  ...toBotKey(row),
  session_key: toName(row.sessionKey),
  kind: toName(row.kind),
  sealed: row.sealed,
  expires_at: row.expiresAt,
  uses: row.uses,
})

const fromCapability = (row: Selectable<Table>): CapabilityRow => ({
  ...fromKey(row),
  ...fromBotKey(row),
  sessionKey: fromName(row.session_key),
  kind: fromName(row.kind),
  sealed: row.sealed,
  expiresAt: Number(row.expires_at),
  uses: Number(row.uses),
})
