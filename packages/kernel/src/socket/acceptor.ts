import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock, Ids } from '../ids/index.js'
import { type Connection, closeCodes, type InboundLimits, type SlowLimits } from './connection.js'
import { createHeartbeat, type HeartbeatOptions } from './heartbeat.js'
import { createIdleWatches } from './idle-watch.js'
import { createOutlet, type Outlet } from './outlet.js'
import { markUpgraded, refuseUpgrade } from './upgrade-router.js'
import { type ConnectionContext, WsConnection } from './ws-connection.js'

export type AcceptorOptions = {
  clock: Clock
  ids: Ids
  /** Told of what listeners throw. */
  onFault(error: unknown): void
  /** Default: one of its own. Acceptors and feeds of a plane share one. */
  outlet?: Outlet
  /** Largest message; more is closed with 1009. Default 1 MiB. */
  maxFrameBytes?: number
  /** What happens with binary messages: `close` (default, 1003), `ignore` or `accept`. */
  binary?: 'close' | 'ignore' | 'accept'
  /** Chooses the subprotocol; default: none. */
  handleProtocols?(offered: ReadonlySet<string>): string | false
  heartbeat?: Omit<HeartbeatOptions, 'clock'>
  slow?: SlowLimits
  inbound?: InboundLimits
  /** Most connections of one `key` (default 1,000) and of all (default 20,000). */
  maxPerKey?: number
  maxTotal?: number
  /** How one connection too many of a key is closed; default 1013 `too many connections`. */
  tooMany?: { code: number; reason: string }
  /** Time for a peer to answer a close; default 2,000. */
  closeGraceMs?: number
}

/** `key`: what connections are counted by, such as a principal or an address; default `remoteAddress`. */
export type AcceptOptions = { remoteAddress: string; key?: string }

/** Turns upgrade requests into connections. */
export interface Acceptor {
  /**
   * Completes the upgrade. Undefined when it was refused: not a valid WebSocket request, the server is full (503) or
   * stopping (503), or too many connections of the key (upgraded, then closed).
   */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    options: AcceptOptions,
  ): Connection | undefined
  /**
   * Takes over an open WebSocket (of `ws`) that somebody else has accepted, under the same limits. Undefined when there
   * were too many, or it is not open: then it was closed. Pause it until here, or what arrived before is lost.
   */
  adopt(websocket: WebSocket, options: AcceptOptions): Connection | undefined
  /** Open connections, of one key or of all. */
  count(key?: string): number
  readonly outlet: Outlet
  /** Refuses new connections, closes all (default 1001), and resolves when they are closed. */
  stop(code?: number, reason?: string): Promise<void>
}

/** Open connections of a key; all of them share one. */
type Tally = { readonly key: string; count: number }

export function createAcceptor(options: AcceptorOptions): Acceptor {
  const { maxPerKey = 1_000, maxTotal = 20_000 } = options
  const { tooMany = { code: closeCodes.tryLater, reason: 'too many connections' } } = options
  const context: ConnectionContext = { ...toContext(options), onClosed: forget }
  const server = createServer(options)
  const connections = new Map<Connection, Tally>()
  const tallies = new Map<string, Tally>()
  let isStopping = false

  const register = (connection: Connection, key: string) => {
    const tally = tallies.get(key) ?? { key, count: 0 }
    tally.count += 1
    tallies.set(tally.key, tally)
    connections.set(connection, tally)
  }

  const connect = (websocket: WebSocket, { remoteAddress, key = remoteAddress }: AcceptOptions) => {
    const connection = new WsConnection(websocket, remoteAddress, context)
    const isOneTooMany = (tallies.get(key)?.count ?? 0) >= maxPerKey
    // A connection that is being closed counts too, or refused ones could pile up.
    register(connection, key)
    if (!isOneTooMany) return connection
    return void connection.close(tooMany.code, tooMany.reason)
  }
  const isFull = () => isStopping || connections.size >= maxTotal

  return {
    outlet: context.outlet,
    accept: (request, socket, head, options) => {
      if (isFull()) return void refuseUpgrade(socket, 503)
      const websocket = upgrade(server, request, socket, head)
      return websocket && connect(websocket, options)
    },
    adopt: (websocket, options) => {
      if (websocket.readyState !== websocket.OPEN) return void websocket.terminate()
      if (isFull()) return void websocket.close(tooMany.code, tooMany.reason)
      const connection = connect(websocket, options)
      websocket.resume()
      return connection
    },
    count: (key) => (key === undefined ? connections.size : (tallies.get(key)?.count ?? 0)),
    stop: async (code = closeCodes.goingAway, reason = '') => {
      isStopping = true
      context.outlet.flush()
      await Promise.all([...connections.keys()].map((connection) => closed(connection, code, reason)))
      context.heartbeat.stop()
      server.close()
    },
  }

  function forget(connection: Connection): void {
    const tally = connections.get(connection)
    if (!tally) return
    connections.delete(connection)
    tally.count -= 1
    if (tally.count === 0) tallies.delete(tally.key)
  }

  function closed(connection: Connection, code: number, reason: string): Promise<void> {
    return new Promise((resolve) => {
      connection.onClose(() => resolve())
      connection.close(code, reason)
    })
  }

  function toContext({ outlet, slow = {}, heartbeat, binary, closeGraceMs, ...rest }: AcceptorOptions) {
    const { bytes = 1024 * 1024, limitMs = 30_000, hardBytes = bytes * 4 } = slow
    const { code = closeCodes.tryLater, reason = 'too slow' } = slow
    return {
      clock: rest.clock,
      ids: rest.ids,
      outlet: outlet ?? createOutlet(),
      heartbeat: createHeartbeat({ clock: rest.clock, ...heartbeat }),
      idle: createIdleWatches({ clock: rest.clock, onFault: rest.onFault }),
      slow: { bytes, limitMs, hardBytes, code, reason },
      inbound: rest.inbound,
      binary: binary ?? 'close',
      closeGraceMs: closeGraceMs ?? 2_000,
      onFault: rest.onFault,
    } satisfies Omit<ConnectionContext, 'onClosed'>
  }
}

function createServer({ maxFrameBytes = 1024 * 1024, handleProtocols }: AcceptorOptions): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // A compressed socket can't take prepared frames, and a small frame can be a large message.
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    handleProtocols: (offered) => handleProtocols?.(offered) ?? false,
  })
}

/** OUTSIDE: without `verifyClient` ws calls back before `handleUpgrade` returns, or never. */
function upgrade(
  server: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): WebSocket | undefined {
  let accepted: WebSocket | undefined
  server.handleUpgrade(request, socket, head, (websocket) => {
    accepted = websocket
  })
  if (accepted) markUpgraded(socket)
  return accepted
}
