// The one Socket.IO connection of a client (contract 4.1, 4.5).
import { io, type Socket } from 'socket.io-client'
import { ErrorAck } from '../../protocol/index.js'
import { type Edge, pauseAfter, type Stop } from '../edge.js'
import { offlineError } from '../failures.js'
import { ThreadsClientError } from '../threads-client-error.js'
import type { ReadToken } from '../token.js'
import type { ConnectionState } from '../types.js'
import { toConnectRefusal } from './refused.js'

export type ConnectionOptions = {
  edge: Pick<Edge, 'timers' | 'pauses'>
  /** Origin and namespace; the origin may be empty in a page. */
  url: string
  path: string
  transports: readonly ('websocket' | 'polling')[]
  /** Asked for each attempt. */
  readToken: ReadToken
  withCredentials: boolean
  onFrame(name: string, payload: unknown): void
}

const answerWithinMs = 20_000

/** Connects when it is first asked to, and again by itself; one that the server refuses is not tried again. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #listeners = new Set<() => void>()
  #socket: Socket | undefined
  #state: ConnectionState = 'idle'
  #error: ThreadsClientError | undefined
  #count = 0
  #failures = 0
  #stopTimer: Stop = () => {}

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Why it was refused. */
  get error(): ThreadsClientError | undefined {
    return this.#error
  }

  /** Which connection this is: what was joined on another is not joined here. */
  get count(): number {
    return this.#count
  }

  /** Starts connecting. Calling it again is harmless. */
  open(): void {
    if (this.#socket) return
    const { edge, url, path, transports, withCredentials } = this.#options
    const socket = io(url, {
      path,
      transports: [...transports],
      withCredentials,
      forceNew: true,
      autoConnect: false,
      reconnectionDelay: edge.pauses.minMs,
      reconnectionDelayMax: edge.pauses.maxMs,
      auth: (done) => void this.#authorize(socket, done),
    })
    this.#socket = socket
    socket.on('connect', () => this.#connected())
    socket.on('disconnect', () => this.#lost(socket))
    socket.on('connect_error', (error) => this.#failed(socket, error))
    socket.onAny((name: string, payload: unknown) => this.#options.onFrame(name, payload))
    this.#become('connecting')
    socket.connect()
  }

  /** Sends an event and resolves with its answer. Rejects with `offline`, `network`, or what the server says. */
  ask(name: string, payload: object): Promise<unknown> {
    const socket = this.#socket
    if (!socket || this.#state !== 'connected') return Promise.reject(offlineError())
    return new Promise((resolve, reject) => {
      socket.timeout(answerWithinMs).emit(name, payload, (cause: Error | null, answer: unknown) => {
        if (cause) return reject(new ThreadsClientError('network', 'no answer', { cause }))
        const refused = ErrorAck.safeParse(answer)
        if (!refused.success) return resolve(answer)
        const { code, message } = refused.data.error
        reject(new ThreadsClientError(code, message))
      })
    })
  }

  onChange(listener: () => void): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#stopTimer()
    const socket = this.#socket
    this.#socket = undefined
    socket?.offAny()
    socket?.removeAllListeners()
    socket?.disconnect()
    this.#become('idle')
  }

  async #authorize(socket: Socket, done: (auth: object) => void): Promise<void> {
    try {
      const token = await this.#options.readToken()
      done(token === undefined ? {} : { token })
    } catch {
      // The source may do better next time.
      socket.disconnect()
      this.#connectLater(socket)
    }
  }

  #connected(): void {
    this.#failures = 0
    this.#count += 1
    this.#become('connected')
  }

  #lost(socket: Socket): void {
    if (socket !== this.#socket) return
    this.#become('reconnecting')
    // The library leaves it at that when the server hung up, for example on a token that ran out.
    if (!socket.active) this.#connectLater(socket)
  }

  #failed(socket: Socket, error: Error): void {
    // Active: the server was not reached, and the library goes on trying.
    if (socket !== this.#socket || socket.active) return
    const refusal = toConnectRefusal(error)
    if (!refusal) return void this.#connectLater(socket)
    this.#error = refusal
    this.#become('refused')
  }

  #connectLater(socket: Socket): void {
    if (socket !== this.#socket) return
    this.#stopTimer()
    const pause = pauseAfter(this.#failures++, this.#options.edge.pauses)
    this.#stopTimer = this.#options.edge.timers.after(pause, () => socket.connect())
  }

  #become(state: ConnectionState): void {
    if (this.#state === state) return
    this.#state = state
    // A copy: listeners come and go while others are called.
    for (const listener of Array.from(this.#listeners)) listener()
  }
}
