import { type Database, type Op, toOp } from '@parley/kernel/db'
import type { CompiledQuery } from 'kysely'
import type { WebhookStore } from './port.js'
import {
  fromSecrets,
  fromTenantKey,
  fromWebhook,
  openColumns,
  toChange,
  toSecrets,
  toTenantKey,
  toWebhook,
  type WebhookTables,
} from './rows.js'

type Reads = Pick<WebhookStore, 'find' | 'findToSend' | 'list' | 'count' | 'listEnabled' | 'version' | 'look'>

/** The one implementation: typed SQL that both engines run. */
export function sqlWebhookStore(database: Database): WebhookStore {
  return { ...webhookReads(database), ...webhookOps(database) }
}

type Looked = { version: number; tenant_key: string | null }

function webhookReads(database: Database): Reads {
  const db = database.tables<WebhookTables>()
  const webhooks = () => db.selectFrom('webhooks').select(openColumns)
  const version = async () => {
    const row = await db.selectFrom('webhooks_state').select('version').executeTakeFirstOrThrow()
    return Number(row.version)
  }
  // Compiled once: it is asked before every commit of a plane that has endpoints.
  const looked: CompiledQuery<Looked> = db
    .selectFrom('webhooks_state')
    .leftJoin('threads', (join) => join.on('threads.id', '=', ''))
    .select(['webhooks_state.version', 'threads.tenant_key'])
    .compile()

  return {
    version,

    find: async (id) => {
      const row = await webhooks().where('id', '=', id).executeTakeFirst()
      return row && fromWebhook(row)
    },

    findToSend: async (id) => {
      const row = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst()
      return row && { ...fromWebhook(row), ...fromSecrets(row) }
    },

    list: async ({ tenant, after, limit }) => {
      let query = webhooks()
      if (tenant === null) query = query.where('tenant_key', 'is', null)
      else if (tenant) query = query.where('tenant_key', '=', toTenantKey(tenant))
      if (after)
        query = query.where((is) =>
          is(is.refTuple('created_at', 'id'), '<', is.tuple(after.createdAt, after.id)),
        )
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map(fromWebhook)
    },

    count: async (tenant) => {
      const all = db.selectFrom('webhooks').select(db.fn.countAll<number>().as('n'))
      const key = toTenantKey(tenant)
      const those = key === null ? all.where('tenant_key', 'is', null) : all.where('tenant_key', '=', key)
      return Number((await those.executeTakeFirstOrThrow()).n)
    },

    // The version first: of what changes in between, the next look sees that the version has moved on.
    listEnabled: async () => {
      const seen = await version()
      const rows = await webhooks().where('is_enabled', '=', 1).orderBy('id').execute()
      return { version: seen, rows: rows.map(fromWebhook) }
    },

    look: async (threadId) => {
      const [row] = await database.read<Looked>({ ...looked, parameters: [threadId] })
      const tenantKey = row?.tenant_key ?? undefined
      const seen = Number(row?.version ?? 0)
      return { version: seen, ...(tenantKey !== undefined && { tenant: fromTenantKey(tenantKey) }) }
    },
  }
}

function webhookOps(database: Database): Omit<WebhookStore, keyof Reads> {
  const db = database.tables<WebhookTables>()
  const counted: Op = toOp(
    db.updateTable('webhooks_state').set(({ eb }) => ({ version: eb('version', '+', 1) })),
  )
  const update = (id: string) => db.updateTable('webhooks').where('id', '=', id)
  return {
    insert: (row) => [toOp(db.insertInto('webhooks').values(toWebhook(row))), counted],
    update: (id, change, { url, failingSince } = {}) => {
      let known = update(id)
      if (url !== undefined) known = known.where('url', '=', url)
      if (failingSince !== undefined)
        known = known.where('failing_since', failingSince === null ? 'is' : '=', failingSince)
      return [toOp(known.set({ id, ...toChange(change) }), 1), counted]
    },
    replaceSecrets: (id, secrets) => toOp(update(id).set(toSecrets(secrets)), 1),
    remove: (id) => [toOp(db.deleteFrom('webhooks').where('id', '=', id), 1), counted],
    setFailing: (id, since) => {
      const before = since === null ? 'is not' : 'is'
      return toOp(update(id).set({ failing_since: since }).where('failing_since', before, null))
    },
  }
}
