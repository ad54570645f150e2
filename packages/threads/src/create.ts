import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RequestInfo, toNodeListener } from '@parley/kernel/http'
import { type Stop, systemIds } from '@parley/kernel/ids'
import { destroyOnError, refuseUpgrade } from '@parley/kernel/socket'
import { attachDoor } from './attach.js'
import { openParts } from './compose.js'
import type { ThreadsApp } from './http/app.js'
import { wireErrorResponse } from './http/wire.js'
import type { ThreadsOperator } from './service/operator.js'
import { resolveOptions, type ThreadsOptions } from './service/options.js'
import { type AssistantProfile, Assistants } from './service/runs/assistants.js'
import type { AssistantHandler } from './service/runs/handler.js'
import type { ThreadsService } from './service/service.js'
import type { ThreadsWebhooks } from './service/webhooks/types.js'

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
  /**
   * Registers the handler of an assistant on this node; answers how to remove it. Throws when the id is taken. Every node
   * registers the same assistants: a message or an invocation starts only those that are registered where it comes in.
   */
  assistant(id: string, handler: AssistantHandler, profile?: AssistantProfile): Stop
  /**
   * Puts the Socket.IO door before the listeners that a server has now, for a framework that owns the server; they go on
   * getting everything else. Listeners that are added later see the door's requests, too. `socketPath` may be another one
   * than the option's. Answers how to take it away.
   */
  attachSocketIo(server: Server, options?: { socketPath?: string }): Stop
  /** The operations without transport. */
  service(): Promise<ThreadsService>
  /** What the people who run the server see and do, in rooms of all tenants. */
  operator(): Promise<ThreadsOperator>
  /** Signed webhooks, for the people who run the server: it asks nobody for leave. */
  webhooks(): Promise<ThreadsWebhooks>
  /** Resolves when the ground is open and the tables are there; rejects when that failed. */
  readonly ready: Promise<void>
  /** The document of the routes, for an OpenAPI page. */
  openApi(): Promise<ThreadsApp>
  /** Ends the runs of this node, closes sockets, then its own ground. Calling it twice is harmless. */
  stop(): Promise<void>
}

/** Opens the threads plane. Throws a `TypeError` for `namespaceKeys` that are empty or not distinct names. */
export function createThreads(given: ThreadsOptions): Threads {
  const options = resolveOptions(given)
  const onFault = given.onFault ?? writeFault
  const assistants = new Assistants()
  const parts = openParts(options, assistants, onFault)
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
    attachSocketIo: (server, { socketPath = options.socketPath } = {}) =>
      attachDoor(server, {
        owns: (target) => isBelow(target, socketPath),
        request: (request, response) =>
          void parts.then(
            ({ sockets }) => sockets.handleRequest(request, response),
            () => response.writeHead(503, { connection: 'close' }).end(),
          ),
        upgrade: (request, socket, head) => {
          destroyOnError(socket)
          parts.then(
            ({ sockets }) => sockets.handleUpgrade(request, socket, head),
            () => socket.destroy(),
          )
        },
      }),
    assistant: (id, handler, profile) => assistants.add(id, handler, profile),
    service: async () => (await parts).service,
    operator: async () => (await parts).operator,
    webhooks: async () => (await parts).webhooks,
    ready,
    openApi: async () => (await parts).app,
    stop: async () => (await parts).stop(),
  }
}

function isBelow(target: string | undefined, prefix: string): boolean {
  const path = (target ?? '').split('?', 1)[0]!
  return path === prefix || path.startsWith(`${prefix}/`)
}

function writeFault(error: unknown, where: string): void {
  console.error(`parley: fault in ${where}:`, error)
}
