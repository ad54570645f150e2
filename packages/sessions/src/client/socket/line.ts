// One connection that comes back by itself.
import type { WsChannelControlMessage } from '../../protocol/index.js'
import { type Edge, pauseAfter, type SocketLike, type Stop } from '../edge.js'
import { SessionsClientError } from '../sessions-client-error.js'
import { readFrame, type ServerFrame } from './frames.js'

/** `disconnected`: before the first attempt, after `close`, and after a refusal. */
export type ConnectionState = 'disconnected' | 'connecting' | 'connected' | 'reconnecting'

export type LineOptions = {
  edge: Pick<Edge, 'WebSocket' | 'timers' | 'random' | 'pauses'>
  /** Asked for each attempt. */
  address(): Promise<string>
  onFrame(frame: ServerFrame): void
  onState(): void
}

const greetWithinMs = 15_000
const pingEveryMs = 20_000
const maxSilent = 2
/** Close codes after which another attempt fares no better, and what they say. */
const refusals: Readonly<Record<number, string>> = { 4401: 'unauthenticated', 4403: 'forbidden' }
/** The credential is not taken. After the greeting it has ended: the next attempt asks for another. */
const policy = 1008

/** Counts as connected once the server has greeted. */
export class Line {
  readonly #options: LineOptions
  #state: ConnectionState = 'disconnected'
  #error: SessionsClientError | undefined
  #socket: SocketLike | undefined
  #isWanted = false
  #failures = 0
  #attempts = 0
  #silent = 0
  #stopTimer: Stop = () => {}

  constructor(options: LineOptions) {
    this.#options = options
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Why it was refused. */
  get error(): SessionsClientError | undefined {
    return this.#error
  }

  /** Starts connecting. Calling it again is harmless. */
  open(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    this.#become('connecting')
    void this.#attempt()
  }

  /** False, and nothing sent, while there is no connection. */
  send(message: WsChannelControlMessage): boolean {
    if (this.#state !== 'connected') return false
    this.#socket?.send(JSON.stringify(message))
    return true
  }

  close(): void {
    this.#isWanted = false
    this.#drop()
    this.#become('disconnected')
  }

  async #attempt(): Promise<void> {
    const { edge, address } = this.#options
    const mine = ++this.#attempts
    // The greeting may never come: neither an address nor a socket is waited for without an end.
    this.#after(greetWithinMs, () => this.#lost())
    try {
      if (!edge.WebSocket) throw new Error('there is no WebSocket here; pass one to the client')
      const url = await address()
      // Closed meanwhile, and perhaps opened again, or given up for taking too long.
      if (mine === this.#attempts) this.#listen(new edge.WebSocket(url))
    } catch (cause) {
      if (mine !== this.#attempts) return
      if (edge.WebSocket) return void this.#lost()
      this.#refuse(new SessionsClientError('offline', 'Failed to connect', { detail: String(cause), cause }))
    }
  }

  #listen(socket: SocketLike): void {
    this.#socket = socket
    const ifCurrent =
      <T extends unknown[]>(act: (...given: T) => void) =>
      (...given: T) => {
        if (socket === this.#socket) act(...given)
      }
    socket.addEventListener(
      'message',
      ifCurrent(({ data }) => this.#received(data)),
    )
    socket.addEventListener(
      'close',
      ifCurrent(({ code, reason }) => this.#closed(code, reason)),
    )
    // What follows is a close; without a listener some sockets throw.
    socket.addEventListener('error', () => {})
  }

  #received(data: unknown): void {
    this.#silent = 0
    const frame = readFrame(data)
    if (!frame) return
    if (frame.type === 'connected') this.#greeted()
    this.#options.onFrame(frame)
  }

  #greeted(): void {
    this.#failures = 0
    this.#error = undefined
    this.#become('connected')
    this.#ping()
  }

  /** A connection that is half closed answers nothing: it is given up after two silent intervals. */
  #ping(): void {
    this.#after(pingEveryMs, () => {
      if (this.#silent >= maxSilent) return void this.#lost()
      this.#silent += 1
      this.send({ action: 'ping' })
      this.#ping()
    })
  }

  #closed(code: number, reason: string): void {
    const isUnwelcome = code === policy && this.#state !== 'connected'
    const name = isUnwelcome ? 'unauthenticated' : refusals[code]
    if (name === undefined) this.#lost()
    else
      this.#refuse(new SessionsClientError(name, 'Connection refused', { ...(reason && { detail: reason }) }))
  }

  #refuse(error: SessionsClientError): void {
    this.#error = error
    this.close()
  }

  #lost(): void {
    this.#drop()
    if (!this.#isWanted) return
    this.#become('reconnecting')
    this.#after(pauseAfter(this.#failures++, this.#options.edge), () => void this.#attempt())
  }

  #drop(): void {
    this.#attempts += 1
    this.#stopTimer()
    this.#silent = 0
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
  }

  #after(ms: number, fn: () => void): void {
    this.#stopTimer()
    this.#stopTimer = this.#options.edge.timers.after(ms, fn)
  }

  #become(state: ConnectionState): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.onState()
  }
}
