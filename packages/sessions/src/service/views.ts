// Rows as the wire shows them.

import type { AgentTemplate, PendingPermission, SessionLog, SessionMeta } from '../protocol/index.js'
import type { SessionRow, TemplateRow } from '../store/port.js'
import type { SessionView } from './port.js'
import { toWireTime } from './times.js'

/** What is known of a session beside its row. */
export type SessionExtras = {
  pendingPermission?: PendingPermission | null
  logs?: SessionLog[]
  fileSystem?: SessionView['fileSystem']
}

/** Everything but its live parts, as storages of others keep it. */
export function toMeta(row: SessionRow, pendingPermission: PendingPermission | null): SessionMeta {
  return {
    id: row.id,
    agentName: row.agentName,
    spawn: row.spawn,
    startedAt: toWireTime(row.startedAt),
    lastUpdatedAt: toWireTime(row.updatedAt),
    status: row.status,
    pendingPermission: row.status === 'active' ? pendingPermission : null,
    runtime: row.instance,
    ...(row.cwd !== null && { cwd: row.cwd }),
    ...(row.title !== null && { title: row.title }),
  }
}

export function toView(row: SessionRow, extras: SessionExtras = {}): SessionView {
  const { pendingPermission = null, logs = [], fileSystem = null } = extras
  return {
    ...toMeta(row, pendingPermission),
    logs,
    fileSystem,
    promptQueue: row.status === 'active' ? row.queue : null,
  }
}

export function toTemplate({ id, name, spawn, runtime, env }: TemplateRow): AgentTemplate {
  return { id, name, spawn, runtime, ...(env !== null && { env }) }
}
