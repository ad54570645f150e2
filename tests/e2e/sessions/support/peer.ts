// A client on a socket that keeps every frame as it came.
import { once } from 'node:events'
import { eventually } from '@parley/testkit'
import { WebSocket } from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: tests look into frames as clients do.
export type Frame = any

export type PeerOptions = { headers?: Record<string, string>; protocols?: string[] }

export type Peer = {
  /** Every message as it came, and read. */
  texts: string[]
  frames: Frame[]
  socket: WebSocket
  send(message: object | string): void
  /** Waits for a frame that fits, from number `from` on; answers it. */
  next(fits: (frame: Frame) => unknown, from?: number): Promise<Frame>
  /** Subscribes and waits until everything that was is there; answers the texts of the events of the replay. */
  subscribe(channel: string, since?: number): Promise<string[]>
  /** Sends a ping and waits for its answer: everything that was on its way has arrived. */
  settle(): Promise<void>
  closed: Promise<number>
  terminate(): void
}

/** Resolves when it is open; rejects with `Unexpected server response: 401` when it is refused. */
export async function openPeer(url: string, { headers, protocols = [] }: PeerOptions = {}): Promise<Peer> {
  const socket = new WebSocket(url, protocols, { headers })
  const texts: string[] = []
  const frames: Frame[] = []
  socket.on('message', (data) => {
    texts.push(String(data))
    frames.push(JSON.parse(String(data)))
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await once(socket, 'open')
  socket.on('error', () => undefined)
  const send: Peer['send'] = (message) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  const next: Peer['next'] = (fits, from = 0) =>
    eventually(() => frames.slice(from).find((frame) => fits(frame)))
  return {
    texts,
    frames,
    socket,
    send,
    next,
    subscribe: async (channel, since) => {
      const from = frames.length
      send({ action: 'subscribe', channel, ...(since !== undefined && { since }) })
      const done = await next((frame) => frame.type === 'subscribed' && frame.channel === channel, from)
      return texts.slice(from, frames.indexOf(done)).filter((_, at) => frames[from + at].type === 'event')
    },
    settle: async () => {
      const from = frames.length
      send({ action: 'ping' })
      await next((frame) => frame.type === 'pong', from)
    },
    closed,
    terminate: () => socket.terminate(),
  }
}

/** The HTTP status with which an upgrade is refused; 101 when it is not. Rejects when there was no answer. */
export async function upgradeStatus(url: string, options: PeerOptions = {}): Promise<number> {
  const { headers, protocols = [] } = options
  const socket = new WebSocket(url, protocols, { headers })
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('unexpected-response', (_, response) => {
      response.resume()
      socket.terminate()
      resolve(response.statusCode ?? 0)
    })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
  })
}
