import type { WebSocket } from 'ws'
import { WebSocket as NodeWebSocket } from 'ws'
import { linkLimits, linkSubprotocol } from '../../protocol/index.js'
import type { Dial, LinkSocketEvents } from './socket.js'

export type WsDialOptions = {
  /** As `toLinkAddress` gives it. */
  url: string
  /** Read anew for every dial, so that a token that was replaced on disk is found. */
  token(): string
  /** Default 10,000. */
  openWithinMs?: number
}

/** Dials with the WebSocket of `ws`. */
export function wsDial({ url, token, openWithinMs = 10_000 }: WsDialOptions): Dial {
  return (events) => {
    const websocket = new NodeWebSocket(url, [linkSubprotocol], {
      headers: { authorization: `Bearer ${token()}` },
      handshakeTimeout: openWithinMs,
      maxPayload: linkLimits.frameBytes,
      perMessageDeflate: false,
      ...(url.startsWith('ws+unix:') && { generateMask: noMask }),
      // Redirects would carry the token to whom the server names.
      followRedirects: false,
    })
    listen(websocket, events)
    let unsent = 0
    return {
      send: (frame) => {
        const bytes = typeof frame === 'string' ? Buffer.from(frame) : frame
        unsent += bytes.length
        websocket.send(bytes, { binary: false }, () => {
          unsent -= bytes.length
          if (unsent === 0) events.drained()
        })
      },
      ping: () => websocket.ping(),
      close: (code, reason) => websocket.close(code, reason),
      terminate: () => websocket.terminate(),
      get bufferedBytes() {
        return unsent
      },
    }
  }
}

// WHY: masks protect proxies on the way. On a socket of this machine there is none, and masking each frame costs two copies.
const noMask = (mask: Buffer): void => void mask.fill(0)

function listen(websocket: WebSocket, events: LinkSocketEvents): void {
  let failure = ''
  websocket.on('open', () => events.opened())
  websocket.on('message', (data, isBinary) => {
    events.heard()
    // The cast: `binaryType` is `nodebuffer`, the default.
    if (!isBinary) events.message((data as Buffer).toString())
  })
  websocket.on('ping', () => events.heard())
  websocket.on('pong', () => events.heard())
  websocket.on('error', (error) => {
    failure = error.message
  })
  websocket.on('close', (code, reason) => events.closed(code, reason.toString() || failure))
}
