import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type Ground, openGround } from '@parley/kernel/ground'
import { type RequestInfo, toNodeListener } from '@parley/kernel/http'
import { type Stop, systemIds } from '@parley/kernel/ids'
import { destroyOnError, refuseUpgrade } from '@parley/kernel/socket'
import { createThreadsApp, type ThreadsApp } from './http/app.js'
import { wireErrorResponse } from './http/wire.js'
import { createCommit } from './service/commit.js'
import type { ThreadsDeps } from './service/deps.js'
import { type ResolvedOptions, resolveOptions, type ThreadsOptions } from './service/options.js'
import { WriteRates } from './service/rates.js'
import { Assistants } from './service/runs/assistants.js'
import type { AssistantHandler } from './service/runs/handler.js'
import { invokeFromRun, startQueued } from './service/runs/invoke.js'
import { Runner } from './service/runs/runner.js'
import { startOrphanSweep } from './service/runs/sweep.js'
import { createThreadsService, type ThreadsService } from './service/service.js'
import { createThreadsSockets, type ThreadsSockets } from './socket/index.js'
import { sqlThreadStore, threadsMigrations } from './store/index.js'

/** The plane, ready to be mounted. Everything waits by itself until the ground is open. */
export type Threads = {
  /** The web-standard door for the routes below `prefix`. */
  fetch(request: Request, info?: Partial<RequestInfo>): Promise<Response>
  /** The door for `node:http`, Express and their like: the routes, and Socket.IO's long polling. */
  node(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** The door for sockets: a listener for `upgrade`. Answers paths that are not its own with 400. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** True for a path of the plane, Socket.IO's included, so that a framework can pass on everything else. */
  owns(path: string): boolean
  /** Registers the handler of an assistant on this node; answers how to remove it. Throws when the id is taken. */
  assistant(id: string, handler: AssistantHandler): Stop
  /** The operations without transport. */
  service(): Promise<ThreadsService>
  /** Resolves when the ground is open and the tables are there; rejects when that failed. */
  readonly ready: Promise<void>
  /** The document of the routes, for an OpenAPI page. */
  openApi(): Promise<ThreadsApp>
  /** Ends the runs of this node, closes sockets, then its own ground. Calling it twice is harmless. */
  stop(): Promise<void>
}

type Parts = { app: ThreadsApp; service: ThreadsService; sockets: ThreadsSockets; stop(): Promise<void> }

/** Opens the threads plane. Throws a `TypeError` for `namespaceKeys` that are empty or not distinct names. */
export function createThreads(given: ThreadsOptions): Threads {
  const options = resolveOptions(given)
  const onFault = given.onFault ?? writeFault
  const assistants = new Assistants()
  const parts = open(options, assistants, onFault)
  const ready = parts.then(() => undefined)
  // Whoever calls a door learns of the failure; nobody listening to `ready` must not end the process.
  ready.catch(() => undefined)

  const fetch = async (request: Request, info: Partial<RequestInfo> = {}) => {
    const { app } = await parts
    // The cast: the router fills in what is missing.
    return app.fetch(request, info as RequestInfo)
  }
  const listener = toNodeListener(fetch, {
    toAnswer: (error) => wireErrorResponse(error),
    ids: given.ground?.ids ?? systemIds,
    onFault: (error) => onFault(error, 'threads.node'),
  })

  return {
    fetch,
    node: async (request, response) => {
      if (!isBelow(request.url, options.socketPath)) return listener(request, response)
      const { sockets } = await parts
      sockets.handleRequest(request, response)
    },
    upgrade: (request, socket, head) => {
      destroyOnError(socket)
      if (!isBelow(request.url, options.socketPath)) return refuseUpgrade(socket, 400)
      parts.then(
        ({ sockets }) => sockets.handleUpgrade(request, socket, head),
        () => socket.destroy(),
      )
    },
    owns: (target) => isBelow(target, options.prefix) || isBelow(target, options.socketPath),
    assistant: (id, handler) => assistants.add(id, handler),
    service: async () => (await parts).service,
    ready,
    openApi: async () => (await parts).app,
    stop: async () => (await parts).stop(),
  }
}

async function open(
  options: ResolvedOptions,
  assistants: Assistants,
  onFault: ThreadsDeps['onFault'],
): Promise<Parts> {
  const { database, bus } = options
  const ground: Ground = options.ground ?? (await openGround({ database, bus, onFault }))
  // A given ground is migrated by whoever opened it when that is a server; doing it again is harmless.
  await ground.db.migrate([threadsMigrations])
  const store = sqlThreadStore(ground.db)
  const rates = new WriteRates(ground.clock, options.limits.writesPer10Seconds)
  const deps: ThreadsDeps = {
    ground,
    store,
    commit: createCommit({ ground }),
    options,
    rates,
    assistants,
    runner: new Runner({
      deps: () => deps,
      invoke: (run, assistantId) => invokeFromRun(deps, run, assistantId),
      onEnded: (run) => startQueued(deps, run),
    }),
    onFault,
  }
  const service = createThreadsService(deps)
  const sockets = createThreadsSockets({ deps, service })
  const stopSweep = startOrphanSweep(deps)
  let stopping: Promise<void> | undefined
  const stop = async () => {
    await stopSweep()
    await deps.runner.stop()
    await sockets.stop()
    if (!options.ground) await ground.close()
  }
  return {
    app: createThreadsApp({ service, options, onFault }),
    service,
    sockets,
    stop: () => (stopping ??= stop()),
  }
}

function isBelow(target: string | undefined, prefix: string): boolean {
  const path = (target ?? '').split('?', 1)[0]!
  return path === prefix || path.startsWith(`${prefix}/`)
}

function writeFault(error: unknown, where: string): void {
  console.error(`parley: fault in ${where}:`, error)
}
