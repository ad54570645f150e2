import { type Database, type Op, toOp } from '@parley/kernel/db'
import { tenantKey } from '@parley/kernel/principal'
import type { Selectable } from 'kysely'
import { fromBit, fromText, given, present, toBit, toText } from './columns.js'
import type { SessionChange, SessionRow, SessionRows, SessionsStore } from './port.js'
import { isActive, type SessionsTables } from './tables.js'

/** Most ids in one statement: engines have a limit for parameters. */
const idsAtOnce = 1_000

export function sessionStatements(database: Database): SessionsStore['sessions'] {
  return { ...sessionReads(database), ...sessionOps(database) }
}

type Reads = Pick<
  SessionRows,
  'find' | 'findMany' | 'list' | 'listActive' | 'count' | 'countActive' | 'listWebhooks'
>

function sessionReads(database: Database): Reads {
  const db = database.tables<SessionsTables>()
  const sessions = () => db.selectFrom('sessions').selectAll()
  return {
    find: async (id) => {
      const row = await sessions().where('id', '=', id).executeTakeFirst()
      return row && fromSession(row)
    },

    findMany: async (ids) => {
      const found: SessionRow[] = []
      for (let from = 0; from < ids.length; from += idsAtOnce) {
        const some = sessions().where('id', 'in', ids.slice(from, from + idsAtOnce))
        found.push(...(await some.execute()).map(fromSession))
      }
      return found
    },

    list: async ({ tenantKeys, limit }) => {
      if (tenantKeys.length === 0) return []
      let query = sessions().orderBy('updated_at', 'desc').orderBy('id')
      if (tenantKeys !== 'all') query = query.where('tenant_key', 'in', tenantKeys)
      if (limit !== undefined) query = query.limit(limit)
      return (await query.execute()).map(fromSession)
    },

    listActive: async ({ hostId, instance } = {}) => {
      let query = sessions().where(isActive()).orderBy('started_at').orderBy('id')
      if (hostId !== undefined) query = query.where('host_id', '=', hostId)
      if (instance !== undefined) query = query.where('instance', '=', toName(instance))
      return (await query.execute()).map(fromSession)
    },

    count: async () => {
      const all = db.selectFrom('sessions').select(db.fn.countAll<number>().as('n'))
      return Number((await all.executeTakeFirstOrThrow()).n)
    },

    countActive: async (tenant) => {
      const active = db.selectFrom('sessions').where(isActive()).where('tenant_key', '=', tenantKey(tenant))
      return Number((await active.select(db.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n)
    },

    listWebhooks: async (sessionId) => {
      const webhooks = db.selectFrom('session_webhooks').selectAll().where('session_id', '=', sessionId)
      const rows = await webhooks.orderBy('position').execute()
      return rows.map(({ id, url, secret, events }) => ({
        id,
        url: fromText<string>(url),
        secret: fromText<string>(secret),
        ...(events !== null && { events: fromText(events) }),
      }))
    },
  }
}

function sessionOps(
  database: Database,
): Pick<SessionRows, 'insert' | 'change' | 'remove' | 'insertWebhooks'> {
  const db = database.tables<SessionsTables>()
  return {
    insert: (row) =>
      toOp(
        db
          .insertInto('sessions')
          .values(toSession(row))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    change: (id, change, expected) => {
      let query = db
        .updateTable('sessions')
        // The id as well: a statement has to set something.
        .set({ id, ...toChange(change) })
        .where('id', '=', id)
      if (expected?.status) query = query.where('status', '=', expected.status)
      if (expected?.callsBack !== undefined) query = query.where('calls_back', '=', toBit(expected.callsBack))
      return toOp(query, 1)
    },

    remove: (id): Op[] => [
      toOp(db.deleteFrom('sessions').where('id', '=', id)),
      toOp(db.deleteFrom('session_webhooks').where('session_id', '=', id)),
      toOp(db.deleteFrom('session_permissions').where('session_id', '=', id)),
    ],

    insertWebhooks: (sessionId, webhooks) =>
      webhooks.map(({ id, url, secret, events }, position) =>
        toOp(
          db.insertInto('session_webhooks').values({
            session_id: sessionId,
            id,
            position,
            url: JSON.stringify(url),
            secret: JSON.stringify(secret),
            events: toText(events),
          }),
        ),
      ),
  }
}

// Names of instances are compared, so they are kept as JSON of one spelling.
const toName = (name: string) => JSON.stringify(name)

function toSession(row: SessionRow): SessionsTables['sessions'] {
  return {
    id: row.id,
    tenant_key: tenantKey(row.tenant),
    owner: JSON.stringify(row.owner),
    agent_name: JSON.stringify(row.agentName),
    spawn: JSON.stringify(row.spawn),
    cwd: toText(row.cwd),
    title: toText(row.title),
    status: row.status,
    runtime_type: JSON.stringify(row.runtimeType),
    instance: toName(row.instance),
    runtime_info: toText(row.runtimeInfo),
    host_id: row.hostId,
    started_at: row.startedAt,
    updated_at: row.updatedAt,
    processing: toBit(row.processing),
    auto_approve: toBit(row.autoApprove),
    queue: toText(row.queue),
    commands: JSON.stringify(row.commands),
    callback_hash: row.callbackHash,
    calls_back: toBit(row.callsBack),
    ended: toText(row.end),
  }
}

function fromSession(row: Selectable<SessionsTables['sessions']>): SessionRow {
  return {
    id: row.id,
    tenant: Object.fromEntries(JSON.parse(row.tenant_key)),
    owner: JSON.parse(row.owner),
    agentName: JSON.parse(row.agent_name),
    spawn: JSON.parse(row.spawn),
    cwd: fromText(row.cwd),
    title: fromText(row.title),
    // The cast: nothing but this store writes the column.
    status: row.status as SessionRow['status'],
    runtimeType: JSON.parse(row.runtime_type),
    instance: JSON.parse(row.instance),
    runtimeInfo: fromText(row.runtime_info),
    hostId: row.host_id,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    processing: fromBit(row.processing),
    autoApprove: fromBit(row.auto_approve),
    queue: fromText(row.queue),
    commands: JSON.parse(row.commands),
    callbackHash: row.callback_hash,
    callsBack: fromBit(row.calls_back),
    end: fromText(row.ended),
  }
}

function toChange(change: SessionChange) {
  return present({
    title: given(change.title, toText),
    cwd: given(change.cwd, toText),
    status: change.status,
    runtime_info: given(change.runtimeInfo, toText),
    host_id: change.hostId,
    updated_at: change.updatedAt,
    processing: given(change.processing, toBit),
    auto_approve: given(change.autoApprove, toBit),
    queue: given(change.queue, toText),
    commands: given(change.commands, (commands) => JSON.stringify(commands)),
    calls_back: given(change.callsBack, toBit),
    ended: given(change.end, toText),
  })
}
