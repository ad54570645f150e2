// A plane behind a real port, and the other side of its sockets.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { Handshake } from './create.js'
import type { Json } from './plane.test.support.js'

/** Serves a plane on a free port; answers the address, such as `ws://127.0.0.1:4711`. */
export async function listen(handshake: Handshake): Promise<string> {
  const server = createServer((request, response) => void handshake.node(request, response))
  server.on('upgrade', handshake.upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** One socket of a page or an agent. */
export class Peer {
  readonly frames: Json[] = []
  closed: { code: number; reason: string } | undefined
  readonly socket: WebSocket

  constructor(
    url: string,
    { protocols = [], headers = {} }: { protocols?: string[]; headers?: Record<string, string> } = {},
  ) {
    this.socket = new WebSocket(url, protocols, { headers })
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data))))
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) }
    })
    this.socket.on('error', () => {})
    onTestFinished(() => this.socket.terminate())
  }

  /** Opens a socket and waits for its first frame. */
  static async open(url: string, options?: ConstructorParameters<typeof Peer>[1]): Promise<Peer> {
    const peer = new Peer(url, options)
    await eventually(() => peer.frames.length > 0 || peer.closed)
    return peer
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  get types(): string[] {
    return this.frames.map(({ type }) => type)
  }

  /** Waits until a frame of the type has come; answers the newest. */
  async until(type: string, count = 1): Promise<Json> {
    await eventually(() => this.of(type).length >= count)
    return this.of(type).at(-1)!
  }

  of(type: string): Json[] {
    return this.frames.filter((frame) => frame.type === type)
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    return eventually(() => this.closed)
  }
}
