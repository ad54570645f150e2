// Takes over what a storage of the application's has and ours does not (section 14.6).

import type { Ground } from '@parley/kernel/ground'
import { systemPrincipal, toIdentity } from '@parley/kernel/principal'
import type { AgentTemplate, SessionsStorage, StoredSession } from '../protocol/index.js'
import type { SessionRow, SessionsStore } from '../store/port.js'
import type { Mirror } from './mirror.js'
import { newRow } from './sessions/new-row.js'
import { fromDateText } from './times.js'

type Parts = {
  ground: Pick<Ground, 'log' | 'clock'>
  store: SessionsStore
  storage: SessionsStorage
  mirror: Pick<Mirror, 'knows' | 'touched'>
  /** The managed templates, when they come from the configuration. */
  managed: readonly AgentTemplate[] | undefined
}

/** What both have stays as ours has it; sessions come without their events. */
export async function importStorage(parts: Parts): Promise<void> {
  const { storage, managed } = parts
  if (managed) await storage.seedAgentTemplates([...managed])
  await importTemplates(parts)
  await importInstances(parts)
  await importSessions(parts)
}

async function importTemplates({ ground, store, storage }: Parts): Promise<void> {
  const known = new Set((await store.templates.list()).map(({ id }) => id))
  const createdAt = ground.clock.micros()
  for (const { id, name, spawn, runtime, env = null } of await storage.listAgentTemplates()) {
    if (known.has(id)) continue
    const row = { id, name, spawn, runtime, env, managedPosition: null, createdAt }
    await ground.log.commit({ ops: [store.templates.insert(row)], appends: [] })
  }
}

async function importInstances({ ground, store, storage }: Parts): Promise<void> {
  const known = new Set((await store.instances.list()).map(({ name }) => name))
  let createdAt = ground.clock.micros()
  for (const { name, typeName, status } of await storage.listRuntimeInstances()) {
    // They come in their order, which is kept.
    createdAt += 1
    if (known.has(name)) continue
    await ground.log.commit({
      ops: [store.instances.save({ name, typeName, status, createdAt })],
      appends: [],
    })
  }
}

async function importSessions({ ground, store, storage, mirror }: Parts): Promise<void> {
  const listed = await storage.listAllSessions()
  const ids = listed.map(({ id }) => id)
  const known = new Set((await store.sessions.findMany(ids)).map(({ id }) => id))
  const now = ground.clock.micros()
  for (const id of ids.filter((one) => !known.has(one))) {
    const stored = await storage.getStoredSession(id)
    if (!stored) continue
    const ops = [
      store.sessions.insert(toRow(stored, now)),
      ...store.sessions.insertWebhooks(id, stored.webhooks),
    ]
    await ground.log.commit({ ops, appends: [] })
  }
  mirror.knows(ids)
  // What a server that crashed did not write any more, the ends of sessions first of all.
  for (const { id, status } of listed) if (status === 'active') mirror.touched(id)
}

const system = toIdentity(systemPrincipal)

/** A session of another storage. It has no tenant: people without one see it. */
export function toRow({ meta, runtimeInfo }: StoredSession, now: number): SessionRow {
  return {
    ...newRow,
    id: meta.id,
    tenant: {},
    owner: system,
    agentName: meta.agentName,
    spawn: meta.spawn,
    cwd: meta.cwd ?? null,
    title: meta.title ?? null,
    status: meta.status,
    runtimeType: runtimeInfo?.runtimeName ?? meta.runtime ?? '',
    instance: meta.runtime ?? runtimeInfo?.runtimeName ?? '',
    runtimeInfo,
    startedAt: fromDateText(meta.startedAt) ?? now,
    updatedAt: fromDateText(meta.lastUpdatedAt) ?? now,
  }
}
