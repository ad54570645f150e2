// The channel socket (section 3.2) as followers see it. Those of one address share one connection.
import type { WsChannelControlMessage } from '../../protocol/index.js'
import type { Edge, Stop } from '../edge.js'
import { closedError } from '../failures.js'
import type { SessionsClientError } from '../sessions-client-error.js'
import { type ConnectionState, Line } from './line.js'
import type { ChannelHandler } from './subscription.js'
import { Subscriptions } from './subscriptions.js'

/**
 * A connection that comes back by itself: after a while, with everything that was missed and nothing twice. Who opened it
 * closes it.
 */
export type ChannelSocket = {
  readonly url: string
  state(): ConnectionState
  /** Why it was refused; it is not tried again then. */
  error(): SessionsClientError | undefined
  /** Called after every change of the state. */
  onState(listener: () => void): Stop
  /** Follows a channel, now and on every connection that comes. `since`: only what has a greater number. */
  subscribe(
    channel: string,
    handler: ChannelHandler | ChannelHandler['onEvent'],
    options?: { since?: number },
  ): Stop
  /** False, and nothing sent, while there is no connection. */
  send(message: WsChannelControlMessage): boolean
  /** What the server refuses, channels aside. */
  onError(listener: (message: string) => void): Stop
  close(): void
}

export type SharedSocketOptions = {
  edge: Pick<Edge, 'WebSocket' | 'timers' | 'random' | 'pauses'>
  url: string
  address(): Promise<string>
}

/** The connection behind channel sockets of one address. */
export class SharedSocket {
  readonly #url: string
  readonly #line: Line
  readonly #subscriptions: Subscriptions
  readonly #stateListeners = new Set<() => void>()
  readonly #errorListeners = new Set<(message: string) => void>()

  constructor({ edge, url, address }: SharedSocketOptions) {
    this.#url = url
    this.#subscriptions = new Subscriptions((message) => this.#line.send(message))
    this.#line = new Line({
      edge,
      address,
      onState: () => {
        // A copy: listeners come and go while others are called.
        for (const listener of Array.from(this.#stateListeners)) listener()
      },
      onFrame: (frame) => {
        if (frame.type === 'connected') this.#subscriptions.connected()
        else this.#subscriptions.take(frame)
        if (frame.type !== 'error' || frame.channel !== undefined) return
        for (const listener of Array.from(this.#errorListeners)) listener(frame.message)
      },
    })
  }

  open(): void {
    this.#line.open()
  }

  /** One follower's view; `onClose` is called once. */
  view(onClose: () => void): ChannelSocket {
    const stops = new Set<Stop>()
    let isClosed = false
    const owned = (stop: Stop): Stop => {
      const own = () => {
        if (stops.delete(own)) stop()
      }
      stops.add(own)
      return own
    }
    const added = <T>(set: Set<T>, listener: T): Stop => {
      if (isClosed) throw closedError('the socket')
      set.add(listener)
      return owned(() => set.delete(listener))
    }
    return {
      url: this.#url,
      state: () => (isClosed ? 'disconnected' : this.#line.state),
      error: () => this.#line.error,
      onState: (listener) => added(this.#stateListeners, () => listener()),
      onError: (listener) => added(this.#errorListeners, (message) => listener(message)),
      subscribe: (channel, handler, { since } = {}) => {
        if (isClosed) throw closedError('the socket')
        const told = typeof handler === 'function' ? { onEvent: handler } : handler
        return owned(this.#subscriptions.add(channel, told, since))
      },
      send: (message) => !isClosed && this.#line.send(message),
      close: () => {
        if (isClosed) return
        isClosed = true
        for (const stop of Array.from(stops)) stop()
        onClose()
      },
    }
  }

  close(): void {
    this.#line.close()
  }
}
