import type { Edge, SocketLike, Stop } from './edge.js'

/** Pauses between attempts to connect: doubled from `minMs` (500) up to `maxMs` (30 000), and spread. */
export type ReconnectOptions = { minMs?: number; maxMs?: number }

/** What a live socket does with the connections under it. */
export type LiveSocketOptions = {
  edge: Edge & { WebSocket: NonNullable<Edge['WebSocket']> }
  /** Asked before each attempt, since the cursor in it moves. */
  url(): string
  protocols: string[]
  /** False: one connection, and the end of it is the end. */
  reconnect: ReconnectOptions | false
  onOpen(): void
  onText(text: string): void
  onError(): void
  /** Called for each connection that ends; answers whether another attempt makes sense. */
  onClose(code: number): 'retry' | 'end'
  onWaiting(): void
  onEnd(): void
}

const connecting = 0
const open = 1
const closed = 3
const pingEveryMs = 30_000
const connectWithinMs = 15_000
const ping = JSON.stringify({ type: 'ping' })

/**
 * A WebSocket that outlives its connections: it has the surface of one, connects again when a connection
 * breaks, and sends a ping every 30 s, since old servers hang up after a silent minute. `open` fires for each
 * connection, `close` once, at the end.
 */
export class LiveSocket extends EventTarget {
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  onclose: ((event: Event & { code: number; reason: string }) => void) | null = null
  readonly #options: LiveSocketOptions
  #socket: SocketLike | undefined
  #url = ''
  #ended = false
  #failures = 0
  #stopTimer: Stop = () => {}

  constructor(options: LiveSocketOptions) {
    super()
    this.#options = options
    this.#dial()
  }

  /** As for a WebSocket; between two connections it is 0, connecting. */
  get readyState(): number {
    if (this.#ended) return closed
    return this.#socket?.readyState === open ? open : connecting
  }

  /** Address of the latest connection. */
  get url(): string {
    return this.#url
  }

  /** Sends a text. Throws an `InvalidStateError` when no connection is open. */
  send(text: string): void {
    if (this.readyState !== open) throw new DOMException('the socket is not open', 'InvalidStateError')
    this.#socket?.send(text)
  }

  /** Ends the connection and all further attempts. */
  close(code = 1000, reason = ''): void {
    if (this.#ended) return
    const socket = this.#socket
    this.#end(code, reason)
    socket?.close(code, reason)
  }

  /** Call when the server has greeted: the next break is tried again soon. */
  proven(): void {
    this.#failures = 0
  }

  #dial(): void {
    const { edge, protocols, url } = this.#options
    this.#url = url()
    const socket = new edge.WebSocket(this.#url, protocols)
    this.#socket = socket
    // INVARIANT: events of a connection that was replaced or given up are not ours any more.
    const current = (fn: () => void) => socket === this.#socket && !this.#ended && fn()
    this.#arm(connectWithinMs, () => this.#lost(socket, 1006, 'no answer'))
    socket.addEventListener('open', () => current(() => this.#opened(socket)))
    socket.addEventListener('message', ({ data }) => current(() => this.#received(data)))
    socket.addEventListener('error', () => current(() => this.#failed()))
    socket.addEventListener('close', ({ code, reason }) => current(() => this.#lost(socket, code, reason)))
  }

  #arm(ms: number, fn: () => void): void {
    this.#stopTimer()
    this.#stopTimer = this.#options.edge.timers.after(ms, fn)
  }

  #opened(socket: SocketLike): void {
    this.#keepAwake(socket)
    this.#options.onOpen()
    const event = new Event('open')
    this.onopen?.(event)
    this.dispatchEvent(event)
  }

  #keepAwake(socket: SocketLike): void {
    this.#arm(pingEveryMs, () => {
      if (socket.readyState === open) socket.send(ping)
      this.#keepAwake(socket)
    })
  }

  #received(data: unknown): void {
    if (typeof data !== 'string') return
    this.#options.onText(data)
    const event = new MessageEvent('message', { data })
    this.onmessage?.(event)
    this.dispatchEvent(event)
  }

  #failed(): void {
    this.#options.onError()
    const event = new Event('error')
    this.onerror?.(event)
    this.dispatchEvent(event)
  }

  #lost(socket: SocketLike, code: number, reason: string): void {
    this.#socket = undefined
    this.#stopTimer()
    if (socket.readyState !== closed) socket.close()
    const { reconnect, onClose, onWaiting } = this.#options
    const isLast = onClose(code) === 'end' || reconnect === false
    if (isLast) this.#end(code, reason)
    // The listener may have closed this in the meantime.
    if (this.#ended || reconnect === false) return
    onWaiting()
    this.#arm(this.#pause(reconnect), () => this.#dial())
  }

  #pause({ minMs = 500, maxMs = 30_000 }: ReconnectOptions): number {
    const full = Math.min(maxMs, minMs * 2 ** Math.min(this.#failures, 20))
    this.#failures += 1
    return full / 2 + (full / 2) * this.#options.edge.random()
  }

  #end(code: number, reason: string): void {
    this.#ended = true
    this.#socket = undefined
    this.#stopTimer()
    this.#options.onEnd()
    const event = Object.assign(new Event('close'), { code, reason })
    this.onclose?.(event)
    this.dispatchEvent(event)
  }
}
