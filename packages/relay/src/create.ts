import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RequestInfo, toNodeListener } from '@parley/kernel/http'
import { systemIds } from '@parley/kernel/ids'
import { destroyOnError } from '@parley/kernel/socket'
import { openParts } from './compose.js'
import { type RelayApp, wireErrorResponse } from './http/index.js'
import { discordDriver, simDriver, telegramDriver } from './platforms/index.js'
import { type RelayOptions, resolveOptions } from './service/options.js'
import type { RelayService } from './service/port.js'

/** The connector, ready to be mounted. Everything waits by itself until the ground is open. */
export type Relay = {
  /** The web-standard door for its routes: `/relay/*`, `/manage/*`, `/interactions/*`. */
  fetch(request: Request, info?: Partial<RequestInfo>): Promise<Response>
  /** The same for `node:http`, Express and their like. */
  node(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** The door for gateways: a listener for `upgrade`. Answers paths that are not `/relay` with 400. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** True for a path of the plane, so that a framework can pass on everything else. */
  owns(path: string): boolean
  /** The operations without transport; operators' below `operator`. */
  service(): Promise<RelayService>
  /** Resolves when everything is open; rejects when that failed. */
  readonly ready: Promise<void>
  /** The document of the routes, for an OpenAPI page. */
  openApi(): Promise<RelayApp>
  /** Closes sockets with 1001, ends what is under way, then its own ground. The first call decides. */
  stop(): Promise<void>
}

/** Opens the relay plane. */
export function createRelay(given: RelayOptions = {}): Relay {
  const options = resolveOptions(given, () => [simDriver(), telegramDriver(), discordDriver()])
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
    trustedProxies: options.trustedProxies,
    onFault: (error) => onFault(error, 'relay.node'),
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
    owns: (target) => /^\/(?:relay|manage|interactions)(?:[/?]|$)/.test(target),
    service: async () => (await parts).service,
    ready,
    openApi: async () => (await parts).app,
    stop: async () => (await parts.catch(() => undefined))?.stop(),
  }
}

function writeFault(error: unknown, where: string): void {
  console.error(`parley: fault in ${where}:`, error)
}
