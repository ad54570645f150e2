// The baseline: a bare `ws` server that sends the same frames from memory to whoever subscribes.
import { once } from 'node:events'
import { type WebSocket, WebSocketServer } from 'ws'
import { serve } from '../http/serve.js'
import { updateFrame } from './stored-update.js'

const maxWaiting = 1024 * 1024
const session = '00000000-0000-4000-8000-000000000000'

export const role = {
  async start({ count }: { count: number }) {
    const frames = Array.from({ length: count }, (_, n) => updateFrame(session, n + 1))
    const { server, port } = await serve()
    const sockets = new WebSocketServer({ server, perMessageDeflate: false })
    sockets.on('connection', (socket) => {
      socket.send(JSON.stringify({ type: 'connected', connectionId: 'bare' }))
      socket.on('message', () => void replay(socket, frames))
    })
    return { port, session }
  },
}

async function replay(socket: WebSocket, frames: readonly string[]): Promise<void> {
  for (const frame of frames) {
    socket.send(frame)
    if (socket.bufferedAmount > maxWaiting) await drained(socket)
  }
  socket.send(JSON.stringify({ type: 'subscribed', channel: `session:${session}` }))
}

/** OUTSIDE: the socket under a WebSocket has no public name. The cast: ws has no types for its inner fields. */
const drained = (socket: object): Promise<unknown> =>
  once((socket as { _socket: NodeJS.EventEmitter })._socket, 'drain')
