import { type Database, toOp } from '@parley/kernel/db'
import { type Selectable, sql } from 'kysely'
import {
  fromName,
  fromNameOrNull,
  fromNumberOrNull,
  given,
  present,
  toName,
  toNameOrNull,
} from './columns.js'
import { keptRead } from './kept.js'
import { fromKey, toKey } from './keys.js'
import { isOneOf, toList } from './lists.js'
import type { EnrolmentRow, GatewayRow, GatewayRows } from './port.js'
import type { RelayTables } from './tables.js'

type Table = RelayTables['relay_gateways']
type Enrolments = 'insertEnrolment' | 'findEnrolment' | 'useEnrolment' | 'purgeEnrolments' | 'purgeRevoked'
type Reads = 'find' | 'list' | 'count'

export function gatewayStatements(database: Database): GatewayRows {
  return { ...gatewayReads(database), ...gatewayOps(database), ...enrolmentStatements(database) }
}

function gatewayReads(database: Database): Pick<GatewayRows, Reads> {
  const db = database.tables<RelayTables>()
  const gateways = () => db.selectFrom('relay_gateways').selectAll()
  const byId = keptRead(database, (is: { id: string }) => gateways().where('gateway_id', '=', is.id))
  return {
    find: async (gatewayId) => {
      const [row] = await byId({ id: toName(gatewayId) })
      return row && fromGateway(row)
    },

    list: async ({ tenant, instanceId }) => {
      let query = gateways()
      if (tenant !== undefined) query = query.where('tenant', '=', toName(tenant))
      if (instanceId !== undefined) query = query.where('instance_id', '=', toName(instanceId))
      return (await query.orderBy('gateway_id').execute()).map(fromGateway)
    },

    count: async (tenant) => {
      const ofTenant = db.selectFrom('relay_gateways').where('tenant', '=', toName(tenant))
      const counted = ofTenant.where('revoked_at', 'is', null).select(sql<number>`count(*)`.as('count'))
      return Number((await counted.executeTakeFirstOrThrow()).count)
    },
  }
}

function gatewayOps(database: Database): Pick<GatewayRows, 'insert' | 'change' | 'seen'> {
  const db = database.tables<RelayTables>()
  return {
    insert: (row) =>
      toOp(
        db
          .insertInto('relay_gateways')
          .values(toGateway(row))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    change: (gatewayId, change, known) => {
      const id = toName(gatewayId)
      const ofId = db.updateTable('relay_gateways').where('gateway_id', '=', id)
      const asKnown = known ? ofId.where('primary_sealed', '=', toName(known.primary)) : ofId
      // Set to what it was: an update names a column.
      return toOp(asKnown.set({ gateway_id: id, ...toGatewayChange(change) }), 1)
    },

    seen: (gatewayIds, at) => {
      const ids = toList(database, gatewayIds.map(toName))
      return toOp(
        db
          .updateTable('relay_gateways')
          .set({ last_seen_at: at })
          .where(isOneOf(database, 'gateway_id', ids)),
      )
    },
  }
}

function enrolmentStatements(database: Database): Pick<GatewayRows, Enrolments> {
  const db = database.tables<RelayTables>()
  return {
    insertEnrolment: (row) =>
      toOp(
        db
          .insertInto('relay_enrolments')
          .values(toEnrolment(row))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    findEnrolment: async (hash) => {
      const query = db.selectFrom('relay_enrolments').selectAll().where('hash', '=', toName(hash))
      const row = await query.executeTakeFirst()
      return row && fromEnrolment(row)
    },

    useEnrolment: (hash, { at, gatewayId }) =>
      toOp(
        db
          .updateTable('relay_enrolments')
          .set({ used_at: at, gateway_id: toName(gatewayId) })
          .where('hash', '=', toName(hash))
          .where('used_at', 'is', null)
          .where('expires_at', '>', at),
        1,
      ),

    purgeRevoked: (before) => toOp(db.deleteFrom('relay_gateways').where('revoked_at', '<', before)),
    purgeEnrolments: (before) => toOp(db.deleteFrom('relay_enrolments').where('expires_at', '<', before)),
  }
}

/** What is kept of secrets; the primary's sealed text stands alone, so that changes can say which they know. */
const toSecrets = (secrets: GatewayRow['secrets']) => ({
  primary_sealed: toName(secrets[0]?.sealed ?? ''),
  secrets: JSON.stringify(secrets),
})

const toGateway = (row: GatewayRow): Table => ({
  ...toKey(row),
  ...toSecrets(row.secrets),
  gateway_id: toName(row.gatewayId),
  created_at: row.createdAt,
  revoked_at: row.revokedAt,
  last_seen_at: row.lastSeenAt,
})

const toGatewayChange = (change: Parameters<GatewayRows['change']>[1]): Partial<Table> =>
  present({
    ...given(change.secrets, toSecrets),
    instance_id: given(change.instanceId, toName),
    revoked_at: change.revokedAt,
    created_at: change.createdAt,
  })

const fromGateway = (row: Selectable<Table>): GatewayRow => ({
  ...fromKey(row),
  gatewayId: fromName(row.gateway_id),
  secrets: JSON.parse(row.secrets),
  createdAt: Number(row.created_at),
  revokedAt: fromNumberOrNull(row.revoked_at),
  lastSeenAt: fromNumberOrNull(row.last_seen_at),
})

const toEnrolment = (row: EnrolmentRow): RelayTables['relay_enrolments'] => ({
  hash: toName(row.hash),
  tenant: toName(row.tenant),
  created_at: row.createdAt,
  expires_at: row.expiresAt,
  used_at: row.usedAt,
  gateway_id: toNameOrNull(row.gatewayId),
})

const fromEnrolment = (row: Selectable<RelayTables['relay_enrolments']>): EnrolmentRow => ({
  hash: fromName(row.hash),
  tenant: fromName(row.tenant),
  createdAt: Number(row.created_at),
  expiresAt: Number(row.expires_at),
  usedAt: fromNumberOrNull(row.used_at),
  gatewayId: fromNameOrNull(row.gateway_id),
})
