// Instances of runtimes as they are (sections 1.2 and 2.4): what the backend says wins over what is stored.

import type { Principal } from '@parley/kernel/principal'
import type { Runtime, RuntimeInfo, RuntimeInstance } from '../../protocol/index.js'
import type { InstanceRow } from '../../store/port.js'
import type { CoreDeps } from '../core.js'
import { assertScope } from '../gate.js'

type Status = InstanceRow['status']

/** Every type with its instances, the oldest first. Instances of running ones have no `websocketUrl`: the doors add it. */
export async function listRuntimes(deps: CoreDeps, by: Principal): Promise<RuntimeInfo[]> {
  assertScope(by, 'sessions:use')
  const { store, runtimes } = deps
  const active = await store.sessions.listActive()
  const used = new Map(active.map(({ instance, runtimeType }) => [instance, runtimeType]))
  await addUsed(deps, used)
  const rows = await Promise.all(
    (await store.instances.list()).map(async (row) => ({ ...row, status: await reconcile(deps, row, used) })),
  )
  return Object.entries(runtimes).map(([typeName, { onlyOne = false }]) => ({
    typeName,
    onlyOne,
    instances: rows.filter((row) => row.typeName === typeName).map(toInstance),
  }))
}

export const toInstance = ({ name, typeName, status }: InstanceRow): RuntimeInstance => ({
  name,
  typeName,
  status,
})

/** Instances that only an active session names. */
async function addUsed(
  { ground, store, mirror }: CoreDeps,
  used: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, typeName] of used) {
    if (await store.instances.find(name)) continue
    const row: InstanceRow = { name, typeName, status: 'running', createdAt: ground.clock.micros() }
    await ground.log.commit({ ops: [store.instances.save(row)], appends: [] })
    await mirror.savedInstance(toInstance(row))
  }
}

/** How it is now; written down when it is another way than it was. */
async function reconcile(
  deps: CoreDeps,
  row: InstanceRow,
  used: ReadonlyMap<string, string>,
): Promise<Status> {
  const status = await currentStatus(deps, row, used.get(row.name) === row.typeName)
  if (status !== row.status) await saveInstance(deps, { ...row, status })
  return status
}

async function currentStatus(deps: CoreDeps, row: InstanceRow, isUsed: boolean): Promise<Status> {
  const runtime = Object.hasOwn(deps.runtimes, row.typeName) ? deps.runtimes[row.typeName]! : undefined
  if (!runtime) return 'stopped'
  const live = await liveStatus(deps, runtime, row.name)
  if (live) return live
  // A backend that tells nothing of its instances can't know better that one is paused.
  if (row.status === 'paused' && !runtime.getInstanceStatus) return 'paused'
  if (isUsed) return 'running'
  return (await isHealthy(deps, runtime, row)) ? 'running' : 'stopped'
}

/** What the backend says; undefined when it does not know the instance. */
export async function liveStatus(
  { onFault }: Pick<CoreDeps, 'onFault'>,
  runtime: Runtime,
  name: string,
): Promise<Status | undefined> {
  try {
    return await runtime.getInstanceStatus?.(name)
  } catch (error) {
    onFault(error, 'sessions.runtimes')
    return undefined
  }
}

/** Without an address to ask, an instance of a backend that tells nothing is what it was told to be. */
async function isHealthy({ probe }: CoreDeps, runtime: Runtime, row: InstanceRow): Promise<boolean> {
  const address = runtime.getWebsocketUrl?.(row.name)
  if (address === undefined) return row.status === 'running' && !runtime.getInstanceStatus
  if (!URL.canParse(address)) return false
  const url = new URL(address.replace(/^ws/, 'http'))
  url.pathname = '/health'
  return probe(url.href)
}

export async function saveInstance({ ground, store, mirror }: CoreDeps, row: InstanceRow): Promise<void> {
  await ground.log.commit({ ops: [store.instances.save(row)], appends: [] })
  await mirror.savedInstance(toInstance(row))
}
