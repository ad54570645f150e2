import { type Database, toOp } from '@parley/kernel/db'
import { tenantKey } from '@parley/kernel/principal'
import { type Selectable, sql } from 'kysely'
import { fromText, toText } from './columns.js'
import type { MessageRow, MessageRows } from './port.js'
import { isUnsent, type SessionsTables } from './tables.js'

type Table = SessionsTables['queued_messages']

export function messageStatements(database: Database): MessageRows {
  return { ...messageReads(database), ...messageOps(database) }
}

type Reads = Omit<MessageRows, 'insert' | 'change' | 'remove' | 'clear'>

const listedSent = 1_000

function messageReads(database: Database): Reads {
  const db = database.tables<SessionsTables>()
  const messages = () => db.selectFrom('queued_messages').selectAll()
  // The port's condition in the words of the index, and the one state that is asked for.
  const unsent = (status: 'pending' | 'sending') => messages().where(isUnsent()).where('status', '=', status)
  return {
    nextId: () => nextId(database),

    find: async (id) => {
      const row = await messages().where('id', '=', id).executeTakeFirst()
      return row && fromMessage(row)
    },

    list: async (tenantKeys, sentLimit = listedSent) => {
      if (tenantKeys.length === 0) return []
      const seen = tenantKeys === 'all' ? messages() : messages().where('tenant_key', 'in', tenantKeys)
      const [waiting, sent] = await Promise.all([
        seen.where(isUnsent()).execute(),
        seen
          .where('status', '=', 'sent')
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(sentLimit)
          .execute(),
      ])
      const rows = [...waiting, ...sent].map(fromMessage)
      return rows.sort((a, b) => a.createdAt - b.createdAt || a.id - b.id)
    },

    waiting: async (tenant) => {
      const query = db
        .selectFrom('queued_messages')
        .where(isUnsent())
        .where('tenant_key', '=', tenantKey(tenant))
        .select([sql<number>`count(*)`.as('count'), sql<number | null>`sum(length(text))`.as('chars')])
      const { count, chars } = await query.executeTakeFirstOrThrow()
      return { count: Number(count), chars: Number(chars ?? 0) }
    },

    next: async (sessionId) => {
      const query = unsent('pending').where('session_id', '=', sessionId)
      const row = await query.orderBy('created_at').orderBy('id').limit(1).executeTakeFirst()
      return row && fromMessage(row)
    },

    listSending: async () =>
      (await unsent('sending').orderBy('created_at').orderBy('id').execute()).map(fromMessage),

    sessionsWaiting: async () => {
      const waiting = db.selectFrom('queued_messages').where(isUnsent()).where('status', '=', 'pending')
      const query = waiting.where('session_id', 'is not', null).select('session_id').distinct()
      return (await query.orderBy('session_id').execute()).flatMap(({ session_id }) => session_id ?? [])
    },
  }
}

function messageOps(database: Database): Pick<MessageRows, 'insert' | 'change' | 'remove' | 'clear'> {
  const db = database.tables<SessionsTables>()
  const all = db.deleteFrom('queued_messages')
  return {
    insert: (row) =>
      toOp(
        db
          .insertInto('queued_messages')
          .values(toMessage(row))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    change: (id, { status, sentAt }, from) =>
      toOp(
        db
          .updateTable('queued_messages')
          .set({ status, sent_at: sentAt })
          .where('id', '=', id)
          .where('status', 'in', from),
        1,
      ),

    remove: (id) => toOp(all.where('id', '=', id)),

    clear: (tenantKeys) => {
      if (tenantKeys === 'all') return toOp(all)
      return toOp(
        tenantKeys.length === 0 ? all.where(sql.lit(false)) : all.where('tenant_key', 'in', tenantKeys),
      )
    },
  }
}

/** The newest id that was given out on each SQLite database of this process; such a database has no other writers. */
const given = new WeakMap<Database, Promise<{ id: number }>>()

async function nextId(database: Database): Promise<number> {
  if (database.engine === 'postgres') {
    const next = sql<{ id: number }>`select nextval('queued_messages_id_seq') as id`
    return Number((await next.execute(database.tables())).rows[0]!.id)
  }
  let newest = given.get(database)
  if (!newest) {
    newest = newestId(database)
    given.set(database, newest)
    // Whoever asks next tries again.
    newest.catch(() => given.delete(database))
  }
  const counter = await newest
  counter.id += 1
  return counter.id
}

/** OUTSIDE: SQLite remembers the greatest id that a table with `autoincrement` ever had. */
async function newestId(database: Database): Promise<{ id: number }> {
  const query = sql<{ id: number }>`select seq as id from sqlite_sequence where name = 'queued_messages'`
  const { rows } = await query.execute(database.tables())
  return { id: Number(rows[0]?.id ?? 0) }
}

function toMessage(row: MessageRow): Table {
  return {
    id: row.id,
    tenant_key: tenantKey(row.tenant),
    sender: JSON.stringify(row.sender),
    session_id: row.sessionId,
    text: JSON.stringify(row.text),
    runtime: JSON.stringify(row.runtime),
    agent: JSON.stringify(row.agent),
    agent_template_id: toText(row.agentTemplateId),
    directory: toText(row.directory),
    status: row.status,
    created_at: row.createdAt,
    sent_at: row.sentAt,
  }
}

function fromMessage(row: Selectable<Table>): MessageRow {
  return {
    id: Number(row.id),
    tenant: Object.fromEntries(JSON.parse(row.tenant_key)),
    sender: JSON.parse(row.sender),
    sessionId: row.session_id,
    text: JSON.parse(row.text),
    runtime: JSON.parse(row.runtime),
    agent: JSON.parse(row.agent),
    agentTemplateId: fromText(row.agent_template_id),
    directory: fromText(row.directory),
    // The cast: nothing but this store writes the column.
    status: row.status as MessageRow['status'],
    createdAt: row.created_at,
    sentAt: row.sent_at,
  }
}
