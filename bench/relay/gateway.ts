// Gateways on raw WebSockets, all in one process: they act, take events in and acknowledge them, as the wire contract says.
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { LoopResult } from '../lib/closed-loop.js'
import { quantile } from '../lib/stats.js'
import { closedWindow } from './closed-window.js'
import {
  ackLine,
  type Credentials,
  chatName,
  eventText,
  helloLine,
  now,
  type Op,
  outboundLine,
  readEventText,
  requestName,
  upgradeToken,
  userName,
} from './frames.js'

/** Frames of a connector, as far as they are read here. */
type Frame =
  | { type: 'descriptor' }
  | { type: 'outbound_result'; requestId: string; result: { success: boolean } }
  | { type: 'inbound'; bufferId: string; event: { text: string } }

export type Performing = { op: Op; inFlight: number; chats: number; ms: number }
/** `isInOrder`: their numbers rose. Latencies in milliseconds, from when an event's text was made. */
export type Received = { count: number; seconds: number; isInOrder: boolean; p50: number; p99: number }

const sockets: WebSocket[] = []
const sentAt = new Map<string, number>()
let taken: number[] = []
let requests = 0
let failed = 0
let acting = { op: 'send' as Op, chats: 1 }
let events = { count: 0, last: 0, isInOrder: true, firstAt: 0, lastAt: 0 }
let latencies: number[] = []
const waiting = new Map<number, () => void>()

const window = closedWindow(() => {
  const n = ++requests
  const requestId = requestName(n)
  sentAt.set(requestId, performance.now())
  sockets[0]!.send(outboundLine(acting.op, requestId, chatName(n % acting.chats)))
})

export const role = {
  /** Connects and says hello, a few at a time; resolves when each has its descriptor. */
  async connect({ port, gateways }: { port: number; gateways: readonly Credentials[] }) {
    for (let from = 0; from < gateways.length; from += 50) {
      const some = gateways.slice(from, from + 50)
      sockets.push(...(await Promise.all(some.map((one) => open(port, one)))))
    }
  },
  /** Actions of the first gateway, chat after chat, so many of them without an answer. */
  async perform({ op, inFlight, chats, ms }: Performing): Promise<LoopResult & { count: number }> {
    acting = { op, chats }
    ;[taken, failed] = [[], 0]
    const { perSecond, count } = await window.run({ inFlight, ms })
    if (failed > 0) throw new Error(`${failed} of ${count} actions were refused.`)
    return { perSecond, count, p50: quantile(taken, 0.5), p99: quantile(taken, 0.99) }
  },
  /** What comes from now on is counted anew. */
  async forget() {
    events = { count: 0, last: 0, isInOrder: true, firstAt: 0, lastAt: 0 }
    latencies = []
  },
  /** Resolves when so many events have come since `forget`. */
  async received({ count }: { count: number }): Promise<Received> {
    if (events.count < count) await new Promise<void>((resolve) => waiting.set(count, resolve))
    const { firstAt, lastAt, isInOrder } = events
    const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
    return { count: events.count, seconds: (lastAt - firstAt) / 1_000, isInOrder, p50, p99 }
  },
  /** Webhooks of the platform, each when the one before was answered, on so many connections. Latencies are those of events. */
  async post({
    port,
    path,
    connections,
    ms,
  }: {
    port: number
    path: string
    connections: number
    ms: number
  }) {
    const agent = new Agent({ keepAlive: true, maxSockets: connections })
    const before = events.count
    const until = performance.now() + ms
    let posted = 0
    const post = async (connection: number) => {
      while (performance.now() < until) await postOne(agent, { port, path, n: ++posted, connection })
    }
    await Promise.all(Array.from({ length: connections }, (_, n) => post(n)))
    while (events.count < before + posted) await sleep(2)
    agent.destroy()
    const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
    return { count: posted, perSecond: posted / ((performance.now() - until + ms) / 1_000), p50, p99 }
  },
  /** Resolves when no event has come for a while. */
  async settled() {
    for (let seen = -1; seen !== events.count; ) {
      seen = events.count
      await sleep(150)
    }
  },
  async disconnect() {
    for (const socket of sockets.splice(0)) socket.terminate()
  },
}

function open(port: number, credentials: Credentials): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/relay`, {
      headers: { authorization: `Bearer ${upgradeToken(credentials)}` },
      perMessageDeflate: false,
      // A mask of zeros: no time goes into masking, on either side.
      generateMask: (mask) => void mask.fill(0),
    })
    socket.once('open', () => socket.send(helloLine))
    socket.once('error', reject)
    socket.once('close', (code) => reject(new Error(`The connector closed with ${code}.`)))
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame
      if (frame.type === 'descriptor') resolve(socket)
      else hear(socket, frame)
    })
  })
}

function hear(socket: WebSocket, frame: Exclude<Frame, { type: 'descriptor' }>): void {
  if (frame.type === 'inbound') {
    socket.send(ackLine(frame.bufferId))
    take(frame.event.text)
    return
  }
  if (frame.type !== 'outbound_result') return
  taken.push(performance.now() - (sentAt.get(frame.requestId) ?? Number.NaN))
  sentAt.delete(frame.requestId)
  if (!frame.result.success) failed += 1
  window.over(1)
}

function take(text: string): void {
  const { n, at } = readEventText(text)
  events.lastAt = now()
  if (events.count === 0) events.firstAt = events.lastAt
  latencies.push(events.lastAt - at)
  if (n <= events.last) events.isInOrder = false
  events.last = n
  events.count += 1
  const resolve = waiting.get(events.count)
  if (!resolve) return
  waiting.delete(events.count)
  resolve()
}

type Post = { port: number; path: string; n: number; connection: number }

function postOne(agent: Agent, { port, path, n, connection }: Post): Promise<void> {
  const id = `${process.pid}-${performance.timeOrigin}-${requests++}`
  const body = JSON.stringify({
    id,
    chatId: chatName(connection),
    userId: userName(0),
    text: eventText(n),
  })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const asking = request({ agent, port, path, method: 'POST', host: '127.0.0.1', headers }, (response) => {
      response.resume()
      response.once('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`A webhook got ${response.statusCode}.`)),
      )
    })
    asking.once('error', reject)
    asking.end(body)
  })
}
