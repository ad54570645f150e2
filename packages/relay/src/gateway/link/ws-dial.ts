import { type RawData, WebSocket } from 'ws'
import { limits } from '../../protocol/index.js'
import { userAgent } from '../user-agent.js'
import type { Dial, RelaySocket, SocketEvents } from './socket.js'

/** The constructor of `ws`, or one like it. */
export type WebSocketConstructor = typeof WebSocket

export type WsDialOptions = {
  /** As `dialUrl` gives it. */
  url: string
  /** Called for every dial: a token is never used for two. */
  token(): string
  WebSocket?: WebSocketConstructor
  /** Default 30,000. */
  openWithinMs?: number
}

/** Dials with `ws`. */
export function wsDial({
  url,
  token,
  WebSocket: Socket = WebSocket,
  openWithinMs = 30_000,
}: WsDialOptions): Dial {
  return (events) => {
    const websocket = new Socket(url, {
      headers: { authorization: `Bearer ${token()}`, 'user-agent': userAgent },
      handshakeTimeout: openWithinMs,
      maxPayload: limits.inboundMessageBytes,
      perMessageDeflate: false,
      // Redirects would carry the token to whom the connector names.
      followRedirects: false,
    })
    listen(websocket, events)
    return socketOf(websocket)
  }
}

function socketOf(websocket: WebSocket): RelaySocket {
  return {
    send: (text, onFailed) => websocket.send(text, (error) => error && onFailed?.(error)),
    ping: () => websocket.ping(),
    close: (code, reason) => websocket.close(code, reason),
    terminate: () => websocket.terminate(),
    get bufferedBytes() {
      return websocket.bufferedAmount
    },
  }
}

function listen(websocket: WebSocket, events: SocketEvents): void {
  let failure = ''
  websocket.on('open', () => events.opened())
  websocket.on('message', (data: RawData, isBinary: boolean) => {
    events.heard()
    // The cast: `binaryType` is `nodebuffer`, the default.
    if (!isBinary) events.message((data as Buffer).toString())
  })
  websocket.on('ping', () => events.heard())
  websocket.on('pong', () => events.heard())
  websocket.on('error', (error: Error) => {
    failure = error.message
  })
  websocket.on('close', (code: number, reason: Buffer) => events.closed(code, reason.toString() || failure))
}
