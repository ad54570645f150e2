// The baseline: a bare `ws` server that sends one prepared frame to each socket.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import * as ws from 'ws'
import { serve } from '../http/serve.js'
import { createSending } from '../lib/sending.js'
import { bodyNow, toFrameText } from './frame.js'

/** `Sender.frame` of ws: exported and documented there, missing from its types. */
type Framing = { frame(data: Buffer, options: object): Buffer[] }

const { frame } = (ws as unknown as { Sender: Framing }).Sender
const maxWaiting = 1024 * 1024
const sockets = new Set<ws.WebSocket>()
let count = 0
const sending = createSending()

export const role = {
  async start() {
    const { server, port } = await serve()
    const sockServer = new ws.WebSocketServer({ noServer: true, perMessageDeflate: false })
    server.on('upgrade', (request, socket, head) => {
      sockServer.handleUpgrade(request, socket, head, (accepted) => {
        sockets.add(accepted)
        accepted.on('message', () => {})
        accepted.on('close', () => sockets.delete(accepted))
        accepted.on('error', () => {})
      })
    })
    return { port }
  },
  /** One frame after the other, as fast as the sockets take them, until `stopSending`. */
  async saturate() {
    await sending.run(async () => {
      while (sending.isOn) {
        send()
        await nextTurn()
        while (isFull()) await sleep(1)
      }
    })
  },
  async pace({ perSecond }: { perSecond: number }) {
    await sending.run(async () => {
      for (let due = performance.now(); sending.isOn; due += 1000 / perSecond) {
        while (performance.now() < due) await sleep(1)
        send()
      }
    })
  },
  async stopSending() {
    sending.stop()
  },
}

const isFull = (): boolean => {
  for (const socket of sockets) if (socket.bufferedAmount > maxWaiting) return true
  return false
}

function send(): void {
  const text = Buffer.from(toFrameText(++count, bodyNow()))
  const bytes = Buffer.concat(frame(text, { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false }))
  for (const socket of sockets) innerOf(socket).write(bytes)
}

/** OUTSIDE: the socket under a WebSocket has no public name. The cast: ws has no types for its inner fields. */
const innerOf = (socket: ws.WebSocket) =>
  (socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket
