// A server that takes in events as section 13.5 says, and can be told to misbehave.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { FromHost, FromServer, SpoolPosition } from '../../protocol/index.js'
import { textOf } from '../spool/spool.test.support.js'

export type FakeServer = {
  url: string
  /** Every frame that came, of all links. */
  frames: FromHost[]
  /** Texts of the events that were taken in, each with its position. */
  taken: { epoch: string; n: number; text: unknown }[]
  position: SpoolPosition
  /** How often a host connected. */
  links: number
  readonly current: WebSocket | undefined
  authorizations: (string | undefined)[]
  /** Called with each frame before it is acted on; `true`: do not act on it. */
  onFrame(frame: FromHost, socket: WebSocket): boolean | undefined
  /** Called with each frame after it was acted on. */
  afterFrame(frame: FromHost, socket: WebSocket): void
  acksEvery: number
  welcomeLimits: { frameBytes: number; unackedEvents: number; unackedBytes: number }
  send(frame: FromServer): void
  /** Cuts the links, and takes no more of them. */
  stop(): void
  ofType<T extends FromHost['type']>(type: T): Extract<FromHost, { type: T }>[]
}

export async function fakeServer(): Promise<FakeServer> {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(sockets, 'listening')
  // The cast: it listens on a port.
  const { port } = sockets.address() as AddressInfo
  let current: WebSocket | undefined
  const server: FakeServer = {
    url: `ws://127.0.0.1:${port}/api/hosts/link`,
    frames: [],
    taken: [],
    position: { epoch: '', n: 0 },
    links: 0,
    get current() {
      return current
    },
    authorizations: [],
    onFrame: () => undefined,
    afterFrame: () => {},
    acksEvery: 1,
    welcomeLimits: { frameBytes: 1024 * 1024, unackedEvents: 2_000, unackedBytes: 8 * 1024 * 1024 },
    send: (frame) => current?.send(JSON.stringify(frame)),
    stop: () => {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
    // The cast: filtered by its type.
    ofType: (type) => server.frames.filter((frame) => frame.type === type) as never,
  }
  sockets.on('connection', (socket, request) => {
    server.links++
    server.authorizations.push(request.headers.authorization)
    current = socket
    socket.on('error', () => {})
    socket.on('message', (data) => {
      // The cast: the host under test sends frames of the link.
      const frame = JSON.parse(String(data)) as FromHost
      server.frames.push(frame)
      if (socket.readyState !== socket.OPEN) return
      if (server.onFrame(frame, socket) !== true) act(server, frame, socket)
      server.afterFrame(frame, socket)
    })
  })
  onTestFinished(async () => {
    server.stop()
    await once(sockets, 'close')
  })
  return server
}

function act(server: FakeServer, frame: FromHost, socket: WebSocket): void {
  const send = (answer: FromServer) => socket.send(JSON.stringify(answer))
  if (frame.type === 'hello') {
    if (frame.epoch !== server.position.epoch) server.position = { epoch: frame.epoch, n: 0 }
    const { position: acked, welcomeLimits: limits } = server
    const time = new Date(0).toISOString()
    send({ type: 'welcome', v: 1, linkId: 'l1', acked, heartbeatSeconds: 15, limits, time })
  }
  if (frame.type !== 'event') return
  const { epoch, n } = frame
  if (epoch !== server.position.epoch || n > server.position.n + 1) return void socket.close(4410, 'gap')
  if (n <= server.position.n) return
  server.position = { epoch, n }
  server.taken.push({ epoch, n, text: textOf(JSON.stringify(frame)) })
  if (n % server.acksEvery === 0) send({ type: 'ack', epoch, n })
}
