// Starting, stopping, pausing and deleting instances of runtimes (sections 1.2 and 2.4).

import { isParleyError } from '@parley/kernel/errors'
import { type Principal, toIdentity } from '@parley/kernel/principal'
import { namedInstanceNotFound, sessionsErrors } from '../../errors.js'
import type { Runtime, RuntimeInstance } from '../../protocol/index.js'
import type { InstanceRow } from '../../store/port.js'
import type { CoreDeps } from '../core.js'
import { assertScope } from '../gate.js'
import { endSession } from '../sessions/terminate.js'
import { liveStatus, saveInstance, toInstance } from './instances.js'

const maxNameLength = 128

/** Starts an instance or lets it go on; harmless for one that runs. */
export async function startRuntime(
  deps: CoreDeps,
  by: Principal,
  typeName: string,
  name: string = typeName,
): Promise<RuntimeInstance> {
  assertScope(by, 'sessions:machine')
  const { runtimes, store, ground } = deps
  const runtime = Object.hasOwn(runtimes, typeName) ? runtimes[typeName]! : undefined
  if (!runtime)
    throw sessionsErrors.invalidRequest({
      message: `Unknown runtime type: "${typeName}". Available: ${Object.keys(runtimes).join(', ')}`,
    })
  assertName(runtimes, runtime, typeName, name)
  const stored = await store.instances.find(name)
  if (stored && stored.typeName !== typeName) throw sessionsErrors.instanceTaken()
  await ask(() => runtime.start?.(name))
  const createdAt = stored?.createdAt ?? ground.clock.micros()
  const row: InstanceRow = { name, typeName, status: 'running', createdAt }
  await saveInstance(deps, row)
  return toInstance(row)
}

function assertName(
  runtimes: CoreDeps['runtimes'],
  { onlyOne }: Runtime,
  typeName: string,
  name: string,
): void {
  const refuse = (message: string) => sessionsErrors.invalidRequest({ message })
  if (onlyOne && name !== typeName) throw refuse(`Runtime "${typeName}" only supports a single instance`)
  // A name goes to programs and into addresses.
  if (!/^[\p{L}\p{N}_][^\p{C}/\\]*$/u.test(name) || name.length > maxNameLength)
    throw refuse('The name of an instance begins with a letter, a digit or _ and has at most 128 characters')
  // Another type's own name would be ambiguous.
  if (name !== typeName && Object.hasOwn(runtimes, name)) throw sessionsErrors.instanceTaken()
}

/** Ends the sessions of the instance, then stops it. Throws `sessions.instance_not_found`. */
export async function stopRuntime(deps: CoreDeps, by: Principal, name: string): Promise<void> {
  assertScope(by, 'sessions:machine')
  const { row, runtime } = await getInstance(deps, name)
  await endSessions(deps, by, row)
  await ask(() => runtime.stop?.(name))
  await saveInstance(deps, { ...row, status: 'stopped' })
}

/** Keeps the sessions. Throws `sessions.instance_not_found` and `sessions.unsupported`. */
export async function pauseRuntime(deps: CoreDeps, by: Principal, name: string): Promise<void> {
  assertScope(by, 'sessions:machine')
  const { row, runtime } = await getInstance(deps, name)
  if (!runtime.pause)
    throw sessionsErrors.unsupported({ message: `Runtime "${row.typeName}" does not support pause` })
  await ask(() => runtime.pause?.(name))
  await saveInstance(deps, { ...row, status: 'paused' })
}

/** Stops it if it is not stopped, then forgets it. Throws `sessions.instance_not_found`. */
export async function deleteRuntime(deps: CoreDeps, by: Principal, name: string): Promise<void> {
  assertScope(by, 'sessions:machine')
  const { ground, store, mirror } = deps
  const { row, runtime } = await getInstance(deps, name)
  await endSessions(deps, by, row)
  const status = (await liveStatus(deps, runtime, name)) ?? row.status
  if (status !== 'stopped') await ask(() => runtime.stop?.(name))
  await ask(() => runtime.delete?.(name))
  await ground.log.commit({ ops: [store.instances.remove(name)], appends: [] })
  await mirror.removedInstance(name)
}

export type Instance = { row: InstanceRow; runtime: Runtime; isStored: boolean }

/**
 * A stored instance, one that sessions use, or the only one of its type; with `acceptsType` any that is named like its type.
 * Throws `sessions.instance_not_found`.
 */
export async function getInstance(
  { store, runtimes, ground }: CoreDeps,
  name: string,
  { acceptsType = false } = {},
): Promise<Instance> {
  const stored = await store.instances.find(name)
  const [user] = stored ? [] : await store.sessions.listActive({ instance: name })
  const typeName = stored?.typeName ?? user?.runtimeType ?? name
  const runtime = Object.hasOwn(runtimes, typeName) ? runtimes[typeName]! : undefined
  const isKnown = stored !== undefined || user !== undefined || acceptsType || runtime?.onlyOne === true
  if (!runtime || !isKnown)
    throw acceptsType ? sessionsErrors.instanceNotFound() : namedInstanceNotFound(name)
  const createdAt = ground.clock.micros()
  const row = stored ?? { name, typeName, status: 'running' as const, createdAt }
  return { row, runtime, isStored: stored !== undefined }
}

/** As well as it goes: a session that can't be ended is no reason to keep the instance. */
async function endSessions(deps: CoreDeps, by: Principal, { name }: InstanceRow): Promise<void> {
  const sessions = await deps.store.sessions.listActive({ instance: name })
  const ended = await Promise.allSettled(sessions.map((row) => endSession(deps, row, toIdentity(by))))
  for (const one of ended) if (one.status === 'rejected') deps.onFault(one.reason, 'sessions.stopRuntime')
}

/** What a backend throws is a refusal in its words. */
async function ask(call: () => Promise<void> | undefined): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (isParleyError(error)) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw sessionsErrors.runtimeFailed({ message, cause: error })
  }
}
