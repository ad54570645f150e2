import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import {
  type FromServer,
  type HostRequest,
  type HostResponse,
  linkPath,
  linkSubprotocol,
  type RequestFrame,
  type WireEvent,
} from '../../protocol/index.js'
import type { AcceptLink } from './index.js'

/** A server on loopback that hands every upgrade to `accept`. Closed when the test is over. */
export async function listen(accept: AcceptLink, remoteAddress?: string): Promise<string> {
  const server = createServer()
  server.on('upgrade', (request, socket, head) => accept(request, socket, head, { remoteAddress }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // The cast: it listens on a port.
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}${linkPath}`
}

export type FakeHostOptions = {
  url: string
  hostId?: string
  token?: string
  epoch?: string
  /** What it says in its hello; default: nothing was written yet. */
  n?: number
  oldest?: number
  sessions?: readonly string[]
  protocol?: string
  answer?(request: HostRequest): HostResponse | undefined
}

/** A host that speaks the frames and nothing else. */
export class FakeHost {
  readonly frames: FromServer[] = []
  readonly requests: RequestFrame[] = []
  closed: { code: number; reason: string } | undefined
  readonly #options: FakeHostOptions
  readonly #websocket: WebSocket
  epoch: string
  n: number

  constructor(options: FakeHostOptions) {
    const { url, token = 'token', protocol = linkSubprotocol, epoch = 'e1', n = 0 } = options
    this.#options = options
    this.epoch = epoch
    this.n = n
    this.#websocket = new WebSocket(url, [protocol], { headers: { authorization: `Bearer ${token}` } })
    this.#websocket.on('error', () => {})
    this.#websocket.on('message', (data) => this.#hear(JSON.parse(String(data))))
    this.#websocket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
    })
    onTestFinished(() => this.#websocket.terminate())
  }

  async opened(): Promise<this> {
    await eventually(() => this.#websocket.readyState === WebSocket.OPEN || this.closed)
    return this
  }

  hello(more: object = {}): void {
    const { hostId = 'h1', oldest = 1, sessions = [] } = this.#options
    this.send({
      type: 'hello',
      v: 1,
      hostId,
      name: 'fake',
      epoch: this.epoch,
      n: this.n,
      oldest,
      sessions: sessions.map((sessionId) => ({
        sessionId,
        acpSessionId: 'acp',
        status: 'idle',
        cwd: '/',
        startedAt: '2026-01-01T00:00:00.000Z',
      })),
      features: [],
      limits: { frameBytes: 1_048_576 },
      ...more,
    })
  }

  send(frame: object | string): void {
    this.#websocket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** The next number. */
  event(sessionId: string | undefined, event: Pick<WireEvent, 'type' | 'data'>): number {
    this.eventAs(++this.n, sessionId, event)
    return this.n
  }

  eventAs(n: number, sessionId: string | undefined, event: Pick<WireEvent, 'type' | 'data'>): void {
    const at = '2026-01-01T00:00:00.000Z'
    this.send({ type: 'event', epoch: this.epoch, n, at, sessionId, event: { ...event, timestamp: at } })
  }

  async welcomed(): Promise<Extract<FromServer, { type: 'welcome' }>> {
    return await eventually(() => this.frames.find((frame) => frame.type === 'welcome'))
  }

  async acked(n = this.n): Promise<void> {
    await eventually(() => this.frames.some((frame) => frame.type === 'ack' && frame.n >= n))
  }

  async closedWith(): Promise<{ code: number; reason: string }> {
    return await eventually(() => this.closed)
  }

  /** Reads nothing from now on, pings included. */
  deafen(): void {
    this.#websocket.pause()
  }

  cut(): void {
    this.#websocket.terminate()
  }

  async left(): Promise<void> {
    this.#websocket.close(1000)
    await this.closedWith()
  }

  #hear(frame: FromServer): void {
    this.frames.push(frame)
    if (frame.type !== 'req') return
    this.requests.push(frame)
    const response = this.#options.answer?.(frame)
    if (response) this.send({ type: 'res', id: frame.id, ...response })
  }
}

/** Dials, says hello and waits for the welcome. */
export async function linkedHost(options: FakeHostOptions): Promise<FakeHost> {
  const host = await new FakeHost(options).opened()
  host.hello()
  await host.welcomed()
  return host
}
