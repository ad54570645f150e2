import { type Database, toOp } from '@parley/kernel/db'
import type { Selectable } from 'kysely'
import type { PermissionRow, PermissionRows } from './port.js'
import { isDeciding, isOpen, type SessionsTables } from './tables.js'

type Table = SessionsTables['session_permissions']

export function permissionStatements(database: Database): PermissionRows {
  const db = database.tables<SessionsTables>()
  const permissions = () => db.selectFrom('session_permissions').selectAll()
  const inOrder = async (query: ReturnType<typeof permissions>) =>
    (await query.orderBy('asked_at').orderBy('session_id').orderBy('request_id').execute()).map(
      fromPermission,
    )
  return {
    insert: (row) =>
      toOp(
        db
          .insertInto('session_permissions')
          .values(toPermission(row))
          .onConflict((conflict) => conflict.doNothing()),
        1,
      ),

    change: ({ sessionId, requestId }, to, from) =>
      toOp(
        db
          .updateTable('session_permissions')
          .set({ state: to })
          .where('session_id', '=', sessionId)
          .where('request_id', '=', JSON.stringify(requestId))
          .where('state', 'in', from),
        1,
      ),

    find: async (sessionId, requestId) => {
      const query = permissions()
        .where('session_id', '=', sessionId)
        .where('request_id', '=', JSON.stringify(requestId))
      const row = await query.executeTakeFirst()
      return row && fromPermission(row)
    },

    list: (sessionId) => inOrder(permissions().where('session_id', '=', sessionId)),

    listOpen: async (sessionIds) =>
      sessionIds.length === 0
        ? []
        : inOrder(permissions().where(isOpen()).where('session_id', 'in', sessionIds)),

    listDeciding: () => inOrder(permissions().where(isDeciding())),
  }
}

function toPermission(row: PermissionRow): Table {
  return {
    session_id: row.sessionId,
    request_id: JSON.stringify(row.requestId),
    decision_id: row.decisionId,
    request: JSON.stringify(row.request),
    state: row.state,
    asked_at: row.askedAt,
  }
}

function fromPermission(row: Selectable<Table>): PermissionRow {
  return {
    sessionId: row.session_id,
    requestId: JSON.parse(row.request_id),
    decisionId: row.decision_id,
    request: JSON.parse(row.request),
    // The cast: nothing but this store writes the column.
    state: row.state as PermissionRow['state'],
    askedAt: row.asked_at,
  }
}
