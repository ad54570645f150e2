// The other side of a socket.
import { eventually } from '@parley/testkit'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: frames are compared, not used
export type Frame = Record<string, any>

export class Peer {
  readonly texts: string[] = []
  closed: { code: number; reason: string } | undefined
  /** HTTP status of an upgrade that was refused. */
  refused: number | undefined
  readonly socket: WebSocket
  readonly #parsed: Frame[] = []

  constructor(url: string, { token, origin, protocols = [] }: PeerOptions = {}) {
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(origin && { origin }) }
    this.socket = new WebSocket(url, protocols, { headers })
    this.socket.on('message', (data) => this.texts.push(String(data)))
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) }
    })
    this.socket.on('unexpected-response', (request, response) => {
      this.refused = response.statusCode
      request.destroy()
    })
    this.socket.on('error', () => {})
    onTestFinished(() => this.socket.terminate())
  }

  /** Opens a socket as Alice and waits for its first frame. */
  static async open(url: string, options: PeerOptions = { token: 'alice' }): Promise<Peer> {
    const peer = new Peer(url, options)
    await eventually(() => peer.texts.length > 0 || peer.closed || peer.refused)
    return peer
  }

  get frames(): Frame[] {
    for (const text of this.texts.slice(this.#parsed.length)) this.#parsed.push(JSON.parse(text))
    return this.#parsed
  }

  /** The events that came, as `tag seq`. */
  get events(): string[] {
    return this.of('event').map(({ channel, seq }) => `${channel} ${seq}`)
  }

  of(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type)
  }

  send(...messages: unknown[]): void {
    for (const message of messages)
      this.socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** Subscribes, and waits until that is confirmed. */
  async subscribe(channel: string, since?: number): Promise<Frame> {
    const known = this.#confirmed(channel).length
    this.send({ action: 'subscribe', channel, since })
    await eventually(() => this.#confirmed(channel).length > known)
    return this.#confirmed(channel).at(-1)!
  }

  /** Waits until everything that was sent before was handled. */
  async settled(): Promise<void> {
    const known = this.of('pong').length
    this.send({ action: 'ping' })
    await eventually(() => this.of('pong').length > known)
  }

  async error(): Promise<Frame> {
    const known = this.of('error').length
    return eventually(() => this.of('error')[known])
  }

  #confirmed(channel: string): Frame[] {
    return this.frames.filter(
      (frame) => ['subscribed', 'error'].includes(frame.type) && frame.channel === channel,
    )
  }
}

type PeerOptions = { token?: string; origin?: string; protocols?: string[] }
