import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Ground, openGround } from '@parley/kernel/ground'
import { clientAddress, type RequestInfo, toNodeListener } from '@parley/kernel/http'
import { type Stop, systemClock, systemIds } from '@parley/kernel/ids'
import { destroyOnError } from '@parley/kernel/socket'
import { createEngine, type HandshakeEngine } from './engine.js'
import { createHandshakeApp, type HandshakeApp } from './http/app.js'
import { wireErrorResponse } from './http/wire.js'
import { Audit } from './service/audit.js'
import { Batches } from './service/batches.js'
import type { HandshakeDeps } from './service/deps.js'
import { type HookFunctions, Hooks } from './service/hooks.js'
import { allHandlers } from './service/modes/index.js'
import { OpenCount } from './service/open-count.js'
import { type HandshakeOptions, type ResolvedOptions, resolveOptions } from './service/options.js'
import { Rates } from './service/rates.js'
import { createHandshakeService, type HandshakeService } from './service/service.js'
import { States } from './service/states.js'
import { startSweep } from './service/sweep.js'
import { Touches } from './service/touches.js'
import { createSocketHub, type SocketHub } from './socket/hub.js'
import { handshakeMigrations, sqlHandshakeStore } from './store/index.js'

/** The plane, ready to be mounted. Everything waits by itself until the ground is open. */
export type Handshake = {
  /**
   * The web-standard door. `info.remoteAddress` feeds the limits per address: without it creating handshakes is limited
   * by their number only.
   */
  fetch(request: Request, info?: Partial<RequestInfo>): Promise<Response>
  /** The door for `node:http`, Express and their like. */
  node(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** The door for sockets: a listener for `upgrade`. Answers paths that are not its own with 400. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** The address that limits are about: behind the option `trustedProxies`, the one they forward. Feeds `fetch`. */
  clientAddress(socketAddress: string, headers: Headers): string
  /** True for a path of the plane, sockets included, so that a framework can pass on everything else. */
  owns(path: string): boolean
  /** The operations without transport. */
  service(): Promise<HandshakeService>
  /** The contract's operations as plain functions. */
  readonly engine: HandshakeEngine
  readonly onCreateSession: (fn: HookFunctions['createSession']) => Stop
  readonly onAction: (fn: HookFunctions['action']) => Stop
  readonly onDone: (fn: HookFunctions['done']) => Stop
  readonly onExtend: (fn: HookFunctions['extend']) => Stop
  readonly onAudit: (fn: HookFunctions['audit']) => Stop
  /** Path of the sockets, for a router in front. */
  readonly wsPrefix: string
  /** Resolves when the ground is open and the tables are there; rejects when that failed. */
  readonly ready: Promise<void>
  /** The document of the routes, for an OpenAPI page. */
  openApi(): Promise<HandshakeApp>
  /** Refuses new sockets, lets batches end, writes out what waits, closes sockets (1001), then its own ground. */
  stop(): Promise<void>
}

/** Opens the handshake plane. All options have defaults; without any it stands on SQLite in memory. */
export function createHandshake(given: HandshakeOptions = {}): Handshake {
  const options = resolveOptions(given)
  const onFault = given.onFault ?? writeFault
  const hooks = toHooks(options)
  const parts = open(options, hooks, onFault)
  const ready = parts.then(() => undefined)
  // Whoever calls a door learns of the failure; nobody listening to `ready` must not end the process.
  ready.catch(() => undefined)

  const fetch = async (request: Request, info: Partial<RequestInfo> = {}) => {
    const { app } = opened ?? (await parts)
    // The cast: the router fills in what is missing.
    return app.fetch(request, info as RequestInfo)
  }
  let opened: Parts | undefined
  void parts.then(
    (value) => {
      opened = value
    },
    () => undefined,
  )
  const { trustedProxies } = options
  const ids = given.ground?.ids ?? systemIds

  return {
    fetch,
    node: toNodeListener(fetch, {
      toAnswer: (error) => wireErrorResponse(error),
      ids,
      trustedProxies,
      onFault: (error) => onFault(error, 'handshake.node'),
    }),
    upgrade: (request, socket, head) => {
      destroyOnError(socket)
      parts.then(
        ({ sockets }) => sockets.upgrade(request, socket, head),
        () => socket.destroy(),
      )
    },
    clientAddress: (address, headers) => clientAddress(address, headers, trustedProxies),
    owns: (path) => owns(path, options),
    service: async () => (await parts).service,
    engine: createEngine({
      service: async () => (await parts).service,
      sockets: async () => (await parts).sockets,
      options,
      onFault,
    }),
    onCreateSession: (fn) => hooks.add('createSession', fn),
    onAction: (fn) => hooks.add('action', fn),
    onDone: (fn) => hooks.add('done', fn),
    onExtend: (fn) => hooks.add('extend', fn),
    onAudit: (fn) => hooks.add('audit', fn),
    wsPrefix: options.wsPrefix,
    ready,
    openApi: async () => (await parts).app,
    stop: async () => (await parts).stop(),
  }
}

type Parts = { app: HandshakeApp; service: HandshakeService; sockets: SocketHub; stop(): Promise<void> }

async function open(
  options: ResolvedOptions,
  hooks: Hooks,
  onFault: (error: unknown, where: string) => void,
): Promise<Parts> {
  const { database, bus } = options
  const ground =
    options.ground ?? (await openGround({ database, bus, clock: systemClock, ids: systemIds, onFault }))
  // A given ground is migrated by whoever opened it when that is a server; doing it again is harmless.
  await ground.db.migrate([handshakeMigrations])
  const { deps, setSockets } = assemble(ground, options, hooks, onFault)
  const service = createHandshakeService(deps)
  const sockets = createSocketHub(deps)
  setSockets(sockets)
  const stopSweep = startSweep(deps, { intervalSeconds: options.sweepSeconds })

  const stop = async () => {
    await sockets.refuse()
    await Promise.all([stopSweep(), deps.batches.finish()])
    await sockets.stop()
    await Promise.all([deps.touches.flush(), deps.audit.write()])
    deps.rates.stop()
    if (!options.ground) await ground.close()
  }
  let stopping: Promise<void> | undefined
  const stopOnce = () => (stopping ??= stop())
  return { app: createHandshakeApp({ service, options, onFault }), service, sockets, stop: stopOnce }
}

function assemble(
  ground: Ground,
  options: ResolvedOptions,
  hooks: Hooks,
  onFault: (error: unknown, where: string) => void,
) {
  const store = sqlHandshakeStore(ground.db)
  const handlers = allHandlers(options)
  const touches = new Touches({ ground, store, options, onFault })
  const states = new States({ ground, store, keptChanges: options.limits.changes })
  states.onEvicted = (state) => touches.save(state)
  const custom = new Set(Object.values(options.modeHandlers ?? {}))
  const builtIn = new Set(Object.values(handlers).filter((handler) => !custom.has(handler)))

  // The sockets need the service's parts and the service asks the sockets: they are joined last.
  let sockets: HandshakeDeps['sockets'] | undefined
  const deps: HandshakeDeps = {
    ground,
    store,
    options,
    hooks,
    handlers,
    cacheable: builtIn,
    forms: new Set(
      [handlers['form-fill']!, handlers['fill-form']!].filter((handler) => builtIn.has(handler)),
    ),
    states,
    touches,
    rates: new Rates(ground, options.rates),
    openCount: new OpenCount(store, ground.clock),
    audit: new Audit({ ground, hooks, onFault }),
    batches: new Batches(ground),
    sockets: {
      count: (id) => sockets?.count(id) ?? 0,
      flush: (id) => sockets?.flush(id),
    },
    onFault,
  }
  return {
    deps,
    setSockets: (joined: HandshakeDeps['sockets']) => {
      sockets = joined
    },
  }
}

function toHooks({ hooks = {} }: ResolvedOptions): Hooks {
  const registry = new Hooks()
  if (hooks.onCreateSession) registry.add('createSession', hooks.onCreateSession)
  if (hooks.onAction) registry.add('action', hooks.onAction)
  if (hooks.onDone) registry.add('done', hooks.onDone)
  if (hooks.onExtend) registry.add('extend', hooks.onExtend)
  if (hooks.onAudit) registry.add('audit', hooks.onAudit)
  return registry
}

function owns(target: string, { prefix, wsPrefix, compatPrefix }: ResolvedOptions): boolean {
  const path = target.split('?', 1)[0]!
  const roots = [prefix, wsPrefix, ...(compatPrefix ? ['/handshake'] : [])]
  return (
    path === '/.well-known/handshake-prompt' ||
    roots.some((root) => path === root || path.startsWith(`${root}/`))
  )
}

function writeFault(error: unknown, where: string): void {
  console.error(`parley: fault in ${where}:`, error)
}
