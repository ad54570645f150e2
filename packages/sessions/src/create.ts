import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RequestInfo, toNodeListener } from '@parley/kernel/http'
import { systemIds } from '@parley/kernel/ids'
import { destroyOnError } from '@parley/kernel/socket'
import { openParts, type StopOptions } from './compose.js'
import { type SessionsApp, wireErrorResponse } from './http/index.js'
import { localRuntime } from './runtimes/local/index.js'
import type { Hosts } from './service/hosts/index.js'
import type { Runtimes, SessionsOptions } from './service/options.js'
import type { SessionsService } from './service/port.js'
import { resolveOptions } from './service/resolve-options.js'

/** The plane, ready to be mounted. Everything waits by itself until the ground is open and sessions were found again. */
export type Sessions = {
  /** The web-standard door for the routes below `prefix`. */
  fetch(request: Request, info?: Partial<RequestInfo>): Promise<Response>
  /** The same for `node:http`, Express and their like. */
  node(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** The door for sockets: a listener for `upgrade`. Answers paths that are not its own with 400. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** True for a path of the plane, so that a framework can pass on everything else. Sockets on `/` are its own as well. */
  owns(path: string): boolean
  /** The operations without transport. */
  service(): Promise<SessionsService>
  /** Hosts that dial in: for a server that enrols and revokes them. */
  hosts(): Promise<Hosts>
  /** Resolves when everything is open; rejects when that failed. */
  readonly ready: Promise<void>
  /** The document of the routes, for an OpenAPI page. */
  openApi(): Promise<SessionsApp>
  /**
   * Closes sockets and links, then its own ground; hosts and sessions go on and are found again by the next server on the same
   * data. With `sessions: 'terminate'` they end, and the runtimes with them. The first call decides.
   */
  stop(options?: StopOptions): Promise<void>
}

/** Opens the sessions plane. Throws a `TypeError` for an empty list of runtimes. */
export function createSessions<R extends Runtimes = Runtimes>(given: SessionsOptions<R>): Sessions {
  // The cast: handlers are told of sessions of these runtimes and of no others.
  const options = resolveOptions(given as SessionsOptions, () => ({ local: localRuntime() }))
  const onFault = given.onFault ?? writeFault
  const parts = openParts(options, onFault)
  const ready = parts.then(() => undefined)
  // Whoever calls a door learns of the failure; nobody listening to `ready` must not end the process.
  ready.catch(() => undefined)

  const fetch = async (request: Request, info: Partial<RequestInfo> = {}) => {
    const { app } = await parts
    // The cast: the router fills in what is missing.
    return app.fetch(request, info as RequestInfo)
  }
  const node = toNodeListener(fetch, {
    toAnswer: (error) => wireErrorResponse(error, {}),
    ids: given.ground?.ids ?? systemIds,
    onFault: (error) => onFault(error, 'sessions.node'),
  })
  return {
    fetch,
    node: async (request, response) => node(request, response),
    upgrade: (request, socket, head) => {
      destroyOnError(socket)
      parts.then(
        ({ sockets }) => sockets.upgrade(request, socket, head),
        () => socket.destroy(),
      )
    },
    owns: (target) => isBelow(target, options.prefix) || isSocket(target),
    service: async () => (await parts).service,
    hosts: async () => (await parts).hosts,
    ready,
    openApi: async () => (await parts).app,
    stop: (how) => awake(async () => (await parts).stop(how)),
  }
}

/** WHY: a program that is ending may have nothing else left that keeps it alive; the plane's own timers never do. */
async function awake(work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => {}, 2 ** 30)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}

const pathOf = (target: string): string => target.split('?', 1)[0]!

function isBelow(target: string, prefix: string): boolean {
  const path = pathOf(target)
  return path === prefix || path.startsWith(`${prefix}/`)
}

const isSocket = (target: string): boolean => /^\/ws(?:\/|\/sessions\/[^/]+)?$/.test(pathOf(target))

function writeFault(error: unknown, where: string): void {
  console.error(`parley: fault in ${where}:`, error)
}
