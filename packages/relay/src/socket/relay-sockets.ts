// Upgrades at `/relay` (contract 2.1, 2.4, 2.10).

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { clientAddress } from '@parley/kernel/http'
import { type Acceptor, createAcceptor, destroyOnError, refuseUpgrade } from '@parley/kernel/socket'
import { type WebSocket, WebSocketServer } from 'ws'
import { closeCodes } from '../close-codes.js'
import { bearerOf, limits } from '../protocol/index.js'
import type { RelayDeps } from '../service/deps.js'
import type { SocketDeps } from './deps.js'
import { GatewaySocket } from './gateway-socket.js'
import { Rooms } from './rooms.js'

/** The sockets of gateways on this node. */
export interface RelaySockets {
  /** Takes over an upgrade request; one to any other path than `/relay` is answered 400. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** True for the path that is served here, without a query. */
  owns(path: string): boolean
  /** Refuses new sockets, closes all with 1001, and resolves when they are closed. */
  stop(): Promise<void>
}

const path = '/relay'
/** All sockets of one node: gateways behind one address are many, so addresses are not counted apart. */
const mostSockets = 50_000

export function createRelaySockets(parts: SocketDeps): RelaySockets {
  const { deps } = parts
  const { options, onFault } = deps
  const acceptor = openAcceptor(deps)
  const server = openServer()
  const rooms = new Rooms(options.limits.socketsPerGateway)
  const open = new Set<GatewaySocket>()
  let isStopping = false

  const take = (websocket: WebSocket, { headers, socket }: IncomingMessage) => {
    const remoteAddress = clientAddress(socket.remoteAddress ?? '', headers, options.trustedProxies)
    const connection = acceptor.adopt(websocket, { remoteAddress })
    if (!connection) return
    const tap = { pause: () => websocket.pause(), resume: () => websocket.resume() }
    const gatewaySocket = new GatewaySocket({ parts, connection, tap, rooms })
    open.add(gatewaySocket)
    connection.onClose(() => open.delete(gatewaySocket))
    gatewaySocket.admit(bearerOf(headers.authorization)).catch((error: unknown) => {
      onFault(error, 'relay.socket')
      connection.close(closeCodes.internal)
    })
  }

  return {
    upgrade: (request, socket, head) => {
      destroyOnError(socket)
      if (pathOf(request.url) !== path) return refuseUpgrade(socket, 400)
      if (isStopping) return refuseUpgrade(socket, 503)
      server.handleUpgrade(request, socket, head, (websocket) => take(websocket, request))
    },
    owns: (asked) => asked === path,
    stop: async () => {
      isStopping = true
      for (const socket of open) socket.stop()
      await acceptor.stop(closeCodes.goingAway)
      server.close()
    },
  }
}

const pathOf = (url: string | undefined): string | undefined => url?.split('?', 1)[0]

function openAcceptor({ ground, onFault }: RelayDeps): Acceptor {
  return createAcceptor({
    clock: ground.clock,
    ids: ground.ids,
    onFault: (error) => onFault(error, 'relay.socket'),
    heartbeat: { everyMs: limits.pingMs, deadMs: limits.silentMs },
    maxPerKey: mostSockets,
    maxTotal: mostSockets,
  })
}

/** Not the acceptor's own: what is not to be read yet stays with the sender, and so the WebSocket must be paused. */
function openServer(): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.inboundMessageBytes,
  })
}
