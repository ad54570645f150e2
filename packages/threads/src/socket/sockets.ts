import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { destroyOnError } from '@parley/kernel/socket'
import { type Socket as Connection, Server as Engine } from 'engine.io'
import { Server, type Socket } from 'socket.io'
import type { ThreadsDeps } from '../service/deps.js'
import type { ThreadsService } from '../service/service.js'
import { corsOptions } from './cors.js'
import { defaultSocketLimits, type SocketLimits } from './limits.js'
import { Rooms } from './rooms.js'
import { guardSlow } from './slow-guard.js'
import { Visitors } from './visitors.js'

export type ThreadsSocketsOptions = {
  deps: ThreadsDeps
  service: ThreadsService
  limits?: Partial<SocketLimits>
}

/** The Socket.IO door of the plane. It listens to nothing itself: give it the requests whose path it owns. */
export type ThreadsSockets = {
  /** Takes a request of long polling, or the first one of a WebSocket without its upgrade. */
  handleRequest(request: IncomingMessage, response: ServerResponse): void
  /** Takes a WebSocket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** True for a request target of this door. */
  owns(target: string): boolean
  /** What it holds in memory now. */
  stats(): { sockets: number; rooms: number }
  /** Closes every connection; clients connect again by themselves. Calling it twice is harmless. */
  stop(): Promise<void>
}

/** Opens the Socket.IO door (contract 4). */
export function createThreadsSockets(options: ThreadsSocketsOptions): ThreadsSockets {
  const { deps, service } = options
  const {
    socketPath,
    limits: { bodyBytes },
  } = deps.options
  const limits = { ...defaultSocketLimits, ...options.limits }
  const engine = new Engine({ maxHttpBufferSize: bodyBytes, ...corsOptions(deps.options) })
  // WHY: before the library, so that a slow connection is guarded from its first packet.
  engine.on('connection', (connection: Connection) => guardSlow(connection, limits.waitingChars))
  // Nobody owns a namespace that the last socket has left: paths come from clients.
  const io = new Server({ cleanupEmptyChildNamespaces: true }).bind(engine)
  const rooms = new Rooms(deps)
  const visitors = new Visitors({ deps, service, rooms, limits })
  for (const namespace of namespacesOf(io, deps)) {
    namespace.use((socket: Socket, next) => void visitors.admit(socket).then(next))
    namespace.on('connection', (socket: Socket) => visitors.welcome(socket))
  }

  let stopping: Promise<void> | undefined
  const stop = async () => {
    await io.close()
    await visitors.idle()
    await rooms.close()
  }
  return {
    handleRequest: (request, response) => {
      if (stopping) return void response.writeHead(503, { connection: 'close' }).end()
      engine.handleRequest(toEngineRequest(request), response)
    },
    handleUpgrade: (request, socket, head) => {
      if (stopping) return void socket.destroy()
      destroyOnError(socket)
      engine.handleUpgrade(toEngineRequest(request), socket, head)
    },
    owns: (target) => {
      const path = target.split('?', 1)[0]!
      return path === socketPath || path.startsWith(`${socketPath}/`)
    },
    stats: () => ({ sockets: visitors.size, rooms: rooms.size }),
    stop: () => (stopping ??= stop()),
  }
}

// The engine adds to the request what its type asks for.
const toEngineRequest = (request: IncomingMessage) => request as Parameters<Engine['handleRequest']>[0]

/** `/` always; with namespace keys every path, so that a wrong one is told what is wrong with it. */
function namespacesOf(io: Server, { options }: ThreadsDeps) {
  const any = (_name: string, _auth: unknown, next: (error: Error | null, isAllowed: boolean) => void) =>
    next(null, true)
  return options.namespaceKeys.length === 0 ? [io.of('/')] : [io.of('/'), io.of(any)]
}
