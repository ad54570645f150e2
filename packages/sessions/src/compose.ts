import { type Ground, openGround } from '@parley/kernel/ground'
import { systemPrincipal, toIdentity } from '@parley/kernel/principal'
import { createSessionsApp, type SessionsApp } from './http/index.js'
import { type OpenedRooms, openRooms, type Stops } from './rooms.js'
import type { SessionsDeps } from './service/deps.js'
import type { Hosts } from './service/hosts/index.js'
import { importStorage } from './service/import-storage.js'
import type { SessionsService } from './service/port.js'
import type { ResolvedOptions } from './service/resolve-options.js'
import type { ServiceDeps } from './service/service.js'
import { endSession } from './service/sessions/terminate.js'
import { seedTemplates } from './service/templates.js'
import { createSocketHub, type SocketHub } from './socket/index.js'
import { sessionsMigrations } from './store/index.js'

/** Everything behind the doors of one plane. */
export type Parts = {
  app: SessionsApp
  service: SessionsService
  sockets: SocketHub
  hosts: Hosts
  stop(options?: StopOptions): Promise<void>
}

/** `terminate`: every session ends, and the runtimes with them. Default: hosts and sessions go on. */
export type StopOptions = { sessions?: 'terminate' }

type OnFault = SessionsDeps['onFault']

/**
 * Opens the ground unless one is given, brings its tables up to date, puts the plane together on it, and finds its sessions
 * again. Rejects, with everything closed, when that fails.
 */
export async function openParts(options: ResolvedOptions, onFault: OnFault): Promise<Parts> {
  const { database, bus } = options
  const ground: Ground = options.ground ?? (await openGround({ database, bus, onFault }))
  const stops: Stops = []
  const close = async () => {
    // What was opened last stands on what was opened first.
    for (const stop of stops.reverse()) await stop()
    if (!options.ground) await ground.close()
  }
  try {
    // A given ground is migrated by whoever opened it when that is a server; doing it again is harmless.
    await ground.db.migrate([sessionsMigrations])
    const rooms = openRooms({ ground, options, onFault, stops })
    await restore(rooms, options)
    return { ...openDoors(rooms, stops), stop: onlyOnce((how) => stopParts(rooms, how, close)) }
  } catch (error) {
    await close().catch((fault: unknown) => onFault(fault, 'sessions.open'))
    throw error
  }
}

/** What was there before: templates, what another storage has, and sessions that go on. */
async function restore(
  { deps, start }: OpenedRooms,
  { agentTemplates, storage }: ResolvedOptions,
): Promise<void> {
  const { ground, store, mirror, live } = deps
  if (agentTemplates) await seedTemplates({ ground, store }, agentTemplates)
  if (storage) await importStorage({ ground, store, storage, mirror, managed: agentTemplates })
  await live.recover()
  start()
}

function openDoors({ deps, hosts, service }: OpenedRooms, stops: Stops): Omit<Parts, 'stop'> {
  const stopping = new AbortController()
  const acceptLink: Hosts['acceptLink'] = (...given) => hosts.acceptLink(...given)
  const sockets = createSocketHub({ deps, service, acceptLink })
  stops.push(async () => {
    stopping.abort()
    await sockets.stop()
  })
  return { app: createSessionsApp({ service, deps, stopping: stopping.signal }), service, sockets, hosts }
}

async function stopParts({ deps }: OpenedRooms, how: StopOptions, close: () => Promise<void>): Promise<void> {
  if (how.sessions === 'terminate') await endEverything(deps)
  await close()
}

async function endEverything(deps: ServiceDeps): Promise<void> {
  const { store, runtimes, onFault } = deps
  const by = toIdentity(systemPrincipal)
  const sessions = await store.sessions.listActive()
  const ended = await Promise.allSettled(sessions.map((row) => endSession(deps, row, by)))
  const disposed = await Promise.allSettled(
    Object.values(runtimes).map(async (runtime) => runtime.dispose?.()),
  )
  for (const one of [...ended, ...disposed])
    if (one.status === 'rejected') onFault(one.reason, 'sessions.stop')
}

/** The first call decides; every other waits for it. */
function onlyOnce(stop: (how: StopOptions) => Promise<void>): Parts['stop'] {
  let stopping: Promise<void> | undefined
  return (how = {}) => (stopping ??= stop(how))
}
