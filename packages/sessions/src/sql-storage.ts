import type { Op } from '@parley/kernel/db'
import type { Ground } from '@parley/kernel/ground'
import { systemPrincipal, toIdentity } from '@parley/kernel/principal'
import type {
  PendingPermission,
  QueuedMessageDraft,
  SessionMeta,
  SessionsStorage,
  StoredSession,
} from './protocol/index.js'
import { toRow } from './service/import-storage.js'
import { toQueuedMessage } from './service/messages/objects.js'
import { fromDateText } from './service/times.js'
import { toMeta, toTemplate } from './service/views.js'
import { sqlSessionsStore } from './store/index.js'
import type { MessageRow, SessionRow, SessionsStore } from './store/port.js'

type Parts = { ground: StorageGround; store: SessionsStore; commit(...ops: Op[]): Promise<boolean> }
type StorageGround = Pick<Ground, 'db' | 'log' | 'clock'>

/**
 * The plane's own tables behind the contract's storage interface (section 14.6), for programs that were written against it.
 * The tables must be there (`sessionsMigrations`). What it writes has no tenant. Addresses (`websocketUrl`) are not kept: they
 * are the server's own. Creating a session that is there rejects; changing what is not there does nothing.
 */
export function sqlSessionsStorage(ground: StorageGround): Required<SessionsStorage> {
  const commit = async (...ops: Op[]) =>
    (await ground.log.commit({ ops, appends: [] })).outcome === 'committed'
  const parts: Parts = { ground, store: sqlSessionsStore(ground.db), commit }
  return { ...templates(parts), ...sessions(parts), ...instances(parts), ...messages(parts) }
}

type Methods<Names extends keyof SessionsStorage> = Pick<Required<SessionsStorage>, Names>

function templates({
  ground,
  store,
  commit,
}: Parts): Methods<
  | 'seedAgentTemplates'
  | 'listAgentTemplates'
  | 'getAgentTemplate'
  | 'saveAgentTemplate'
  | 'updateAgentTemplate'
> {
  const toTemplateRow = (
    { id, name, spawn, runtime, env }: Parameters<SessionsStorage['saveAgentTemplate']>[0],
    managedPosition: number | null,
  ) => ({ id, name, spawn, runtime, env: env ?? null, managedPosition, createdAt: ground.clock.micros() })
  return {
    seedAgentTemplates: async (list) => {
      await commit(...store.templates.seed(list.map(toTemplateRow)))
    },
    listAgentTemplates: async () => (await store.templates.list()).map(toTemplate),
    getAgentTemplate: async (id) => {
      const row = await store.templates.find(id)
      return row ? toTemplate(row) : null
    },
    saveAgentTemplate: async (template) => {
      const row = toTemplateRow(template, null)
      if (!(await commit(store.templates.insert(row)))) await commit(store.templates.change(row.id, row))
    },
    updateAgentTemplate: async (id, { runtime, ...rest }) => {
      const row = await store.templates.find(id)
      if (!row) return null
      const change = { ...rest, ...(runtime && { runtime: { ...row.runtime, ...runtime } }) }
      await commit(store.templates.change(id, change))
      return toTemplate({ ...row, ...change })
    },
  }
}

function sessions(
  parts: Parts,
): Methods<
  | 'createSession'
  | 'updateSession'
  | 'getSessionMeta'
  | 'getStoredSession'
  | 'listAllSessions'
  | 'listActiveSessionsWithRuntime'
  | 'finalizeSession'
  | 'recordSessionEnd'
> {
  const { ground, store, commit } = parts
  const metasOf = (rows: readonly SessionRow[]) => toMetas(parts, rows)
  const storedOf = async (row: SessionRow): Promise<StoredSession> => ({
    meta: (await metasOf([row]))[0]!,
    runtimeInfo: row.runtimeInfo,
    webhooks: await store.sessions.listWebhooks(row.id),
  })
  return {
    createSession: async (meta, runtimeInfo, webhooks = []) => {
      const row = toRow({ meta, runtimeInfo: runtimeInfo ?? null, webhooks }, ground.clock.micros())
      const ops = [store.sessions.insert(row), ...store.sessions.insertWebhooks(meta.id, webhooks)]
      if (!(await commit(...ops))) throw new Error(`Session "${meta.id}" is there already.`)
      if (meta.pendingPermission) await setPending(parts, meta.id, meta.pendingPermission)
    },
    updateSession: async (id, { lastUpdatedAt, pendingPermission, title }) => {
      const updatedAt = lastUpdatedAt === undefined ? undefined : fromDateText(lastUpdatedAt)
      await commit(
        store.sessions.change(id, {
          ...(updatedAt !== undefined && { updatedAt }),
          ...(title !== undefined && { title }),
        }),
      )
      if (pendingPermission !== undefined) await setPending(parts, id, pendingPermission)
    },
    getSessionMeta: async (id) => {
      const row = await store.sessions.find(id)
      return row ? (await metasOf([row]))[0]! : null
    },
    getStoredSession: async (id) => {
      const row = await store.sessions.find(id)
      return row ? storedOf(row) : null
    },
    listAllSessions: async () => metasOf(await store.sessions.list({ tenantKeys: 'all' })),
    listActiveSessionsWithRuntime: async () => Promise.all((await store.sessions.listActive()).map(storedOf)),
    finalizeSession: async (id) => {
      await commit(store.sessions.change(id, { status: 'killed' }))
    },
    recordSessionEnd: async (id, end) => {
      await commit(store.sessions.change(id, { end }))
    },
  }
}

async function toMetas({ store }: Parts, rows: readonly SessionRow[]): Promise<SessionMeta[]> {
  const active = rows.filter(({ status }) => status === 'active').map(({ id }) => id)
  const open = await store.permissions.listOpen(active)
  // Of several the oldest: they come in this order.
  const oldest = new Map(open.reverse().map(({ sessionId, request }) => [sessionId, request]))
  return rows.map((row) => toMeta(row, oldest.get(row.id) ?? null))
}

/** What is pending in this interface is one request or none. */
async function setPending(
  { ground, store, commit }: Parts,
  sessionId: string,
  request: PendingPermission | null,
): Promise<void> {
  for (const row of await store.permissions.listOpen([sessionId]))
    if (row.requestId !== request?.requestId) await commit(store.permissions.change(row, 'settled', ['open']))
  if (!request || !(await store.sessions.find(sessionId))) return
  const { requestId } = request
  const askedAt = ground.clock.micros()
  const row = { sessionId, requestId, decisionId: '', request, state: 'open' as const, askedAt }
  if (!(await commit(store.permissions.insert(row))))
    await commit(store.permissions.change(row, 'open', ['open', 'settled']))
}

function instances({
  ground,
  store,
  commit,
}: Parts): Methods<'saveRuntimeInstance' | 'listRuntimeInstances' | 'deleteRuntimeInstance'> {
  return {
    saveRuntimeInstance: async ({ name, typeName, status }) => {
      await commit(store.instances.save({ name, typeName, status, createdAt: ground.clock.micros() }))
    },
    listRuntimeInstances: async () =>
      (await store.instances.list()).map(({ name, typeName, status }) => ({ name, typeName, status })),
    deleteRuntimeInstance: async (name) => {
      await commit(store.instances.remove(name))
    },
  }
}

function messages({
  ground,
  store,
  commit,
}: Parts): Methods<
  | 'enqueueMessage'
  | 'listQueuedMessages'
  | 'getNextPendingMessage'
  | 'markMessageSent'
  | 'removeMessage'
  | 'clearMessageQueue'
> {
  const sender = toIdentity(systemPrincipal)
  const toMessageRow = (id: number, draft: QueuedMessageDraft): MessageRow => ({
    ...draft,
    id,
    sender,
    tenant: {},
    status: 'pending',
    createdAt: ground.clock.micros(),
    sentAt: null,
  })
  return {
    enqueueMessage: async (draft) => {
      const row = toMessageRow(await store.messages.nextId(), draft)
      await commit(store.messages.insert(row))
      return toQueuedMessage(row)
    },
    listQueuedMessages: async () => (await store.messages.list('all')).map(toQueuedMessage),
    getNextPendingMessage: async (sessionId) => {
      const row = await store.messages.next(sessionId)
      return row ? toQueuedMessage(row) : null
    },
    markMessageSent: async (id) => {
      const to = { status: 'sent' as const, sentAt: ground.clock.micros() }
      await commit(store.messages.change(id, to, ['pending', 'sending']))
    },
    removeMessage: async (id) => {
      await commit(store.messages.remove(id))
    },
    clearMessageQueue: async () => {
      await commit(store.messages.clear('all'))
    },
  }
}
