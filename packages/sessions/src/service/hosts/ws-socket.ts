import type { Clock } from '@parley/kernel/ids'
import { WebSocket } from 'ws'
import { linkCloseCodes, linkLimits } from '../../protocol/index.js'
import type { LinkSocket } from './link-socket.js'

const closeWithinMs = 2_000
const congestedBytes = 1024 * 1024

/**
 * A link over a WebSocket of `ws`. Pings it, and cuts off a host that is silent or does not read (section 13.8). The
 * WebSocket is paused until somebody listens.
 */
export function toLinkSocket(websocket: WebSocket, clock: Clock): LinkSocket {
  websocket.pause()
  let closed: { code: number; reason: string } | undefined
  let onClose: ((code: number, reason: string) => void) | undefined
  const stopHeartbeat = startHeartbeat(websocket, clock)
  websocket.on('error', () => websocket.terminate())
  websocket.on('close', (code, reason) => {
    stopHeartbeat()
    closed = { code, reason: reason.toString() }
    onClose?.(closed.code, closed.reason)
  })
  return {
    send: (text) => {
      if (websocket.readyState === WebSocket.OPEN) websocket.send(text)
    },
    close: (code, reason) => {
      if (closed) return
      websocket.close(code, reason)
      // What still comes is of no interest, but the answer to the close has to be read.
      websocket.resume()
      const stop = clock.after(closeWithinMs, () => websocket.terminate())
      websocket.once('close', stop)
    },
    get bufferedBytes() {
      return websocket.bufferedAmount
    },
    onMessage: (listener) => {
      websocket.on('message', (data, isBinary) => {
        if (isBinary) return websocket.close(linkCloseCodes.forbidden, 'policy')
        // The cast: `binaryType` is `nodebuffer`, the default.
        listener((data as Buffer).toString())
      })
      websocket.resume()
    },
    onClose: (listener) => {
      onClose = listener
      if (closed) listener(closed.code, closed.reason)
    },
  }
}

function startHeartbeat(websocket: WebSocket, clock: Clock): () => void {
  let heardAt = clock.now()
  let congestedSince: number | undefined
  const hear = () => {
    heardAt = clock.now()
  }
  for (const sign of ['message', 'ping', 'pong']) websocket.on(sign, hear)
  const beat = () => {
    const now = clock.now()
    if (now - heardAt >= linkLimits.silentMs) return websocket.terminate()
    congestedSince = websocket.bufferedAmount > congestedBytes ? (congestedSince ?? now) : undefined
    if (congestedSince !== undefined && now - congestedSince >= 2 * linkLimits.heartbeatMs)
      return websocket.close(linkCloseCodes.tryLater, 'too slow')
    if (websocket.readyState === WebSocket.OPEN) websocket.ping()
    stop = clock.after(linkLimits.heartbeatMs, beat)
  }
  let stop = clock.after(linkLimits.heartbeatMs, beat)
  return () => stop()
}
