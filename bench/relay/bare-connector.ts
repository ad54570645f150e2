// The baseline: a bare `ws` server that parses every frame and answers with one of the same size. Nothing is checked, nothing stored.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { readText } from '../http/bare-http.js'
import { serve } from '../http/serve.js'
import { closedWindow } from './closed-window.js'
import { chatName, eventText, inboundLine, line, type Op, resultLine, userName } from './frames.js'
import type { Webhook } from './instant-driver.js'
import { paced } from './paced.js'

/** Frames of a gateway, as far as they are read here. */
type Frame = { type: string; requestId: string; action: { op: Op } }

const sockets: WebSocket[] = []
let answered = 0
let events = 0
let chats = 1
let kept: string[] = []
const live = closedWindow(() => sockets[0]!.send(nextEvent(events % chats, 0)))
const draining = closedWindow(() => sockets[0]!.send(kept.shift()!))
let window = live

export const role = {
  async start() {
    const { server, port } = await serve(forward)
    const accepting = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false })
    accepting.on('connection', (socket) => {
      sockets.push(socket)
      socket.on('message', (data: Buffer) => hear(socket, JSON.parse(data.toString()) as Frame))
      socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1))
      socket.on('error', () => {})
    })
    return { port }
  },
  /** Events, of which so many are not acknowledged yet. */
  async deliver({ inFlight, ms, inChats }: { inFlight: number; ms: number; inChats: number }) {
    chats = inChats
    window = live
    return await live.run({ inFlight, ms })
  },
  /** Events to all sockets in turn. */
  async pace({ perSecond, ms }: { perSecond: number; ms: number }) {
    await paced({ perSecond, ms }, (n) => sockets[n % sockets.length]!.send(nextEvent(n, n % sockets.length)))
  },
  /** So many events from memory, of which so many are not acknowledged yet. */
  async drain({ count, inFlight }: { count: number; inFlight: number }) {
    const where = { chatId: chatName(0), userId: userName(0) }
    kept = Array.from({ length: count }, (_, n) => inboundLine(n + 1, { ...where, text: eventText(n + 1) }))
    window = draining
    return await draining.run({ inFlight, most: count })
  },
}

function hear(socket: WebSocket, { type, requestId, action }: Frame): void {
  if (type === 'outbound') socket.send(resultLine(requestId, action.op, answered++))
  else if (type === 'inbound_ack') window.over(1)
  else socket.send(line({ type: 'descriptor', descriptor: {} }))
}

function nextEvent(chat: number, user: number): string {
  const n = ++events
  return inboundLine(n, { chatId: chatName(chat), userId: userName(user), text: eventText(n) })
}

/** A platform's webhook, forwarded. */
async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { chatId, userId, text } = JSON.parse(await readText(request)) as Webhook
  sockets[0]!.send(inboundLine(++events, { chatId, userId, text }))
  response.writeHead(200, { 'content-length': 0 }).end()
}
