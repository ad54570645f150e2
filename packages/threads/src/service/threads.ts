// Creating, reading, changing and deleting threads (contract 3.3).
import type { Append } from '@parley/kernel/log'
import { threadsErrors } from '../errors.js'
import type { CreateThread, Thread, ThreadPatch } from '../protocol/index.js'
import type { ThreadChange, ThreadRow } from '../store/port.js'
import type { Caller } from './caller.js'
import { tellChanged } from './changes.js'
import type { ThreadsDeps } from './deps.js'
import { streamOf, toDraft } from './events.js'
import { assertTenant, enter } from './gate.js'
import { toThread } from './objects.js'
import { cancelActive } from './runs/read-cancel.js'

/** Tries of a change that others come before. */
const maxTries = 10

/** Creates a thread; its creator becomes the first member. */
export async function createThread(deps: ThreadsDeps, caller: Caller, wanted: CreateThread): Promise<Thread> {
  const { ground, store } = deps
  const tenant = wanted.tenant ?? {}
  assertTenant(deps, caller, tenant)
  deps.rates.count(caller)
  const now = ground.clock.micros()
  const id = ground.ids.next('th')
  const { identity } = caller
  const row: ThreadRow = {
    id,
    tenant,
    metadata: wanted.metadata ?? {},
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  const member = {
    threadId: id,
    identityId: identity.id,
    identity,
    role: 'member',
    addedAt: now,
    addedBy: identity,
    readSeq: 0,
  }
  const drafts = [
    toDraft('thread.created', { author: identity }, { thread: { id, tenant } }),
    toDraft('thread.member_added', { author: identity }, { member: identity }),
  ]
  await deps.commit({
    ops: [store.insertThread(row), store.insertMember(member)],
    appends: [{ stream: streamOf(id), drafts }],
  })
  return toThread(row)
}

/** Reads one thread. */
export async function getThread(deps: ThreadsDeps, caller: Caller, id: string): Promise<Thread> {
  const needsMembership = !deps.options.readWithoutMembership
  return toThread(await enter(deps, caller, id, 'thread.read', { needsMembership }))
}

/**
 * Replaces what the patch names. An empty patch changes nothing and is told to nobody. Throws `threads.foreign_tenant` for a
 * tenant that the caller would not see.
 */
export async function updateThread(
  deps: ThreadsDeps,
  caller: Caller,
  id: string,
  readPatch: () => ThreadPatch | Promise<ThreadPatch>,
): Promise<Thread> {
  let thread = await enter(deps, caller, id, 'thread.update')
  const patch = await readPatch()
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const changed = await tryUpdate(deps, caller, thread, patch)
    if (changed) return toThread(changed)
    // Somebody else changed it meanwhile: what is replaced whole may be replaced again.
    thread = await enter(deps, caller, id, 'thread.update')
  }
  throw threadsErrors.conflict({ message: 'the thread changes too often; try again' })
}

async function tryUpdate(
  deps: ThreadsDeps,
  caller: Caller,
  thread: ThreadRow,
  patch: ThreadPatch,
): Promise<ThreadRow | undefined> {
  const { tenant, metadata } = patch
  if (!tenant && !metadata) return thread
  if (tenant) assertTenant(deps, caller, tenant)
  deps.rates.count(caller)
  const change: ThreadChange = {
    updatedAt: Math.max(deps.ground.clock.micros(), thread.updatedAt + 1),
    ...(tenant && { tenant }),
    ...(metadata && { metadata }),
  }
  const { outcome } = await deps.commit({
    ops: [deps.store.updateThread(thread.id, thread.version, change)],
    appends: tenantChanged(caller, thread, patch),
  })
  if (outcome !== 'committed') return undefined
  tellChanged(deps, thread.id, { changed: 'thread' })
  return { ...thread, ...change, version: thread.version + 1 }
}

function tenantChanged({ identity }: Caller, thread: ThreadRow, { tenant }: ThreadPatch): Append[] {
  if (!tenant || isSame(tenant, thread.tenant)) return []
  const extra = { from: thread.tenant, to: tenant }
  const drafts = [toDraft('thread.tenant_changed', { author: identity }, extra)]
  return [{ stream: streamOf(thread.id), drafts }]
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  )
}

/** Removes a thread with everything in it; followers learn that it is gone. */
export async function deleteThread(deps: ThreadsDeps, caller: Caller, id: string): Promise<void> {
  const thread = await enter(deps, caller, id, 'thread.delete')
  deps.rates.count(caller)
  await cancelActive(deps, id)
  const { outcome } = await deps.commit({
    ops: [...deps.store.removeThread(id), ...deps.decisions.forgetOps(streamOf(id))],
    appends: [],
  })
  if (outcome !== 'committed') throw threadsErrors.threadNotFound()
  deps.broadcasts?.deleted(thread)
  await deps.ground.log.drop(streamOf(id))
}
