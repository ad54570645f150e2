// Puts the rooms of the service together.

import { createDecisions } from '@parley/kernel/decisions'
import type { Ground } from '@parley/kernel/ground'
import { sessionsErrors } from './errors.js'
import type { Runtime } from './protocol/index.js'
import { followRuntime } from './runtimes/followed/index.js'
import { type AttachedRuntime, isAttached } from './runtimes/port.js'
import { callbackHandler } from './service/callbacks/index.js'
import type { SettingsHooks } from './service/core.js'
import type { SessionsDeps } from './service/deps.js'
import { createFeeds } from './service/feeds/index.js'
import { findSession, readSession } from './service/gate.js'
import { handlersObserver } from './service/handlers/index.js'
import { createHosts, type Hosts } from './service/hosts/index.js'
import { createIntake } from './service/intake/intake.js'
import { createMessages } from './service/messages/index.js'
import { createMirror, noMirror } from './service/mirror.js'
import { createPermissions, type Permissions } from './service/permissions/index.js'
import type { SessionsService } from './service/port.js'
import { httpProbe } from './service/probe.js'
import { cancelTurn, prompt, promptSession, sendPrompt } from './service/prompts/index.js'
import type { ResolvedOptions } from './service/resolve-options.js'
import { createRouter } from './service/runtimes/router.js'
import { createSessionsService, type Rooms, type ServiceDeps } from './service/service.js'
import { createSession } from './service/sessions/create.js'
import { createLive } from './service/sessions/live.js'
import { tellHosts } from './service/settings.js'
import { openWebhooks } from './service/webhooks/index.js'
import { sqlSessionsStore } from './store/index.js'

/** What closes what was opened; the last goes first. */
export type Stops = (() => Promise<unknown>)[]

type Opening = {
  ground: Ground
  options: ResolvedOptions
  onFault: SessionsDeps['onFault']
  stops: Stops
}

export type OpenedRooms = { deps: ServiceDeps; hosts: Hosts; service: SessionsService; start(): void }

/** Opens every room of the service; begins nothing before `start`. */
export function openRooms({ ground, options, onFault, stops }: Opening): OpenedRooms {
  const { runtimes, storage, onPermissionRequest } = options
  const store = sqlSessionsStore(ground.db)
  const decisions = createDecisions({ ground, onFault })
  stops.push(() => decisions.close())
  const hasPermissionHandler = onPermissionRequest !== undefined
  const intake = createIntake({ ground, store, decisions, hasPermissionHandler, onFault })
  const live = createLive({ ground, store, intake, runtimes, probe: httpProbe, onFault })
  const router = createRouter({ runtimes, clock: ground.clock, ensure: (row) => live.ensure(row) })
  const mirror = storage ? createMirror({ storage, store, onFault }) : noMirror
  stops.push(() => mirror.idle())
  const base: SessionsDeps = { ground, store, decisions, runtimes, router, intake, options, onFault }

  const webhooks = openWebhooks({
    ground,
    store,
    allowPrivateAddresses: options.allowPrivateAddresses ?? false,
    onFault,
  })
  stops.push(() => webhooks.stop())
  const hosts = createHosts({ ground, store, intake, onFault })
  stops.push(() => hosts.stop())
  const permissions = createPermissions({
    ...base,
    intake,
    ...(onPermissionRequest && { onPermissionRequest }),
    deliver: (hostId) => hosts.deliver(hostId),
  })
  stops.push(() => permissions.stop())
  attachRuntimes({ ...base, hosts, stops })

  const core = { ...base, live, mirror, hostOf: hostOf(runtimes), probe: httpProbe }
  const deps: ServiceDeps = { ...core, ...settingsHooks(base, permissions) }
  const messages = createMessages({
    ground,
    store,
    router,
    onFault,
    links: hosts.links,
    runtimeNames: Object.keys(runtimes),
    prompt: (session, said) => promptSession(base, session, said),
    createSession: (by, body, how) => createSession(deps, by, body, how),
  })
  stops.push(() => messages.stop())
  const handlers = handlersObserver({ ...options, onFault })
  for (const observer of [live.observer, mirror.observer, webhooks.observer, messages.observer, handlers])
    intake.observe(observer)
  const rooms: Rooms = {
    ...steering(base, permissions),
    messages: messages.service,
    webhooks: webhooks.service,
    handleCallback: callbackHandler({
      ground,
      store,
      intake,
      decide: (session, request) => permissions.decideCallback(session, request),
      trustCallbacks: options.trustCallbacks ?? false,
    }),
  }
  const start = () => {
    decisions.start()
    permissions.start()
    messages.start()
  }
  return { deps, hosts, service: createSessionsService(deps, rooms), start }
}

/** Lends runtimes of ours what they need, and takes it back. */
function attachRuntimes({
  ground,
  runtimes,
  store,
  intake,
  onFault,
  hosts,
  stops,
}: SessionsDeps & { hosts: Hosts; stops: Stops }): void {
  const feeds = createFeeds({ ground, store, intake, onFault })
  const attached = Object.entries(runtimes).filter((entry): entry is [string, AttachedRuntime] =>
    isAttached(entry[1]),
  )
  stops.push(async () => {
    await feeds.stop()
    await Promise.all(attached.map(async ([, runtime]) => runtime.detach?.()))
  })
  for (const [typeName, runtime] of Object.entries(runtimes))
    if (!isAttached(runtime))
      feeds
        .of(typeName)
        .lead((feed, signal) => followRuntime({ runtime, feed, clock: ground.clock, onFault }, signal))
  for (const [typeName, runtime] of attached)
    runtime.attach({
      typeName,
      onFault,
      links: hosts.links,
      clock: ground.clock,
      // A host of this machine, by a socket of this user: it waits only while events are stored.
      acceptLink: (request, socket, head) =>
        hosts.acceptLink(request, socket, head, { eventsPerSecond: Number.POSITIVE_INFINITY }),
      feed: feeds.of(typeName),
    })
}

const hostOf =
  (runtimes: Readonly<Record<string, Runtime>>): ServiceDeps['hostOf'] =>
  async (typeName, instance) => {
    const runtime = runtimes[typeName]
    return runtime && isAttached(runtime) ? runtime.hostOf?.(instance) : undefined
  }

function settingsHooks(deps: SessionsDeps, permissions: Permissions): SettingsHooks {
  return {
    autoApproveChanged: async (sessions) => {
      try {
        const { autoApprove } = await deps.store.settings.read()
        await Promise.all([
          tellHosts(deps, sessions),
          permissions.approveOpen(sessions.filter((row) => autoApprove || row.autoApprove)),
        ])
      } catch (error) {
        deps.onFault(error, 'sessions.settings')
      }
    },
  }
}

type Steering = Pick<
  Rooms,
  'promptSession' | 'sendPrompt' | 'cancelTurn' | 'resolvePermission' | 'listPermissions'
>

function steering(deps: SessionsDeps, permissions: Permissions): Steering {
  return {
    promptSession: (by, id, text, how) => prompt(deps, by, id, { text, ...how }),
    sendPrompt: (by, id, text) => sendPrompt(deps, by, id, text),
    cancelTurn: (by, id) => cancelTurn(deps, by, id),
    resolvePermission: async (by, id, requestId, body, via = 'rest') => {
      const session = await findSession(deps, by, id)
      if (!session) throw sessionsErrors.sessionNotFound()
      await permissions.resolve(by, session, requestId, body, via)
    },
    listPermissions: async (by, id) => permissions.list(await readSession(deps, by, id)),
  }
}
