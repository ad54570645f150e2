import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { clientAddress } from '@parley/kernel/http'
import { type Connection, createAcceptor, createFeed, createUpgradeRouter } from '@parley/kernel/socket'
import type { WebSocket } from 'ws'
import { closeCodes } from '../close-codes.js'
import type { Caller } from '../service/caller.js'
import type { HandshakeDeps, Sockets } from '../service/deps.js'
import { streamOf } from '../service/events.js'
import { selfOrigins } from '../service/self-origins.js'
import { chooseProtocol, type SocketQuery, tokenFromUpgrade } from './credentials.js'
import { type Audience, toFrame } from './frames.js'
import { Rooms } from './rooms.js'
import { serveSocket } from './serve.js'

/** Who comes with a socket that somebody else has accepted. */
export type Arrival = { id: string; token?: string; browserKey?: string; remoteAddress?: string }

/** The sockets of this node. */
export type SocketHub = Sockets & {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Serves a socket of `ws` that somebody else has accepted; resolves when it is closed. */
  take(socket: WebSocket, arrival: Arrival): Promise<void>
  /** Refuses new sockets. */
  refuse(): Promise<void>
  /** Closes all sockets, after what waits to be sent. */
  stop(): Promise<void>
}

/** Most sockets that one address has open for one handshake, those without a token included. */
const maxSocketsPerCaller = 50

type PathParams = { id: string; browserKey?: string }

export function createSocketHub(deps: HandshakeDeps): SocketHub {
  const { options, ground, onFault } = deps
  const fault = (error: unknown) => onFault(error, 'handshake.socket')
  const acceptor = createAcceptor({
    clock: ground.clock,
    ids: ground.ids,
    onFault: fault,
    maxFrameBytes: options.limits.frameBytes,
    maxPerKey: maxSocketsPerCaller,
    maxTotal: options.limits.sessions,
    handleProtocols: chooseProtocol,
    slow: { code: closeCodes.tryLater },
    inbound: { perSecond: 100, burst: 200 },
  })
  const feed = createFeed<Audience>({
    log: ground.log,
    outlet: acceptor.outlet,
    encode: toFrame,
    onFault: fault,
  })
  const rooms = new Rooms(deps)
  const router = createUpgradeRouter({ onFault: fault })
  let isRefusing = false

  router.route<PathParams>(pathParams(options.wsPrefix), (request, socket, head, { id, browserKey }) => {
    if (isRefusing) return void socket.destroy()
    const remoteAddress = clientAddress(
      request.socket.remoteAddress ?? '',
      request.headers,
      options.trustedProxies,
    )
    const connection = acceptor.accept(request, socket, head, {
      remoteAddress,
      key: `${id} ${remoteAddress}`,
    })
    if (!connection) return
    const query = tokenFromUpgrade(request)
    const caller = { ...toCaller(request, query), browserKey, remote: remoteAddress }
    return serve(connection, { id, caller, query })
  })

  async function take(
    socket: WebSocket,
    { id, token, browserKey, remoteAddress = '' }: Arrival,
  ): Promise<void> {
    const connection = acceptor.adopt(socket, { remoteAddress, key: `${id} ${remoteAddress}` })
    if (!connection) return
    const closed = new Promise<void>((resolve) => connection.onClose(() => resolve()))
    // Whoever accepted the socket has looked at its origin.
    const caller = { token, browserKey, selfOrigins: [], remote: remoteAddress }
    await serve(connection, { id, caller, query: { token, announcesToken: false } })
    await closed
  }

  function toCaller({ headers }: IncomingMessage, { token }: SocketQuery): Omit<Caller, 'remote'> {
    return { token, origin: headers.origin, selfOrigins: selfOrigins(headers.host, '', options) }
  }

  function serve(
    connection: Connection,
    visit: { id: string; caller: Caller; query: SocketQuery },
  ): Promise<void> {
    return serveSocket({ deps, feed, rooms }, connection, visit)
  }

  return {
    upgrade: (request, socket, head) => router.handle(request, socket, head),
    take,
    count: (id) => feed.count(streamOf(id)),
    flush: () => acceptor.outlet.flush(),
    refuse: async () => {
      isRefusing = true
    },
    stop: async () => {
      rooms.stop()
      await acceptor.stop(closeCodes.goingAway)
    },
  }
}

/** `{wsPrefix}/<id>` and `{wsPrefix}/<id>/<browser key>`. */
function pathParams(wsPrefix: string) {
  return (url: URL): PathParams | undefined => {
    if (!url.pathname.startsWith(`${wsPrefix}/`)) return undefined
    const [id, browserKey, ...rest] = url.pathname.slice(wsPrefix.length + 1).split('/')
    if (!id || rest.length > 0) return undefined
    return browserKey ? { id, browserKey } : { id }
  }
}
