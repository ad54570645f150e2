// A class: with thousands of sockets, a closure for each thing that one can do is most of what they take.
import type { WebSocket } from 'ws'
import type { Clock, Stop } from '../ids/index.js'
import { type BinaryListener, closeCodes, type InboundLimits, type MessageListener } from './connection.js'
import { Bucket } from './inbound-limit.js'

/** What all inboxes of an acceptor share. */
export type InboxContext = {
  clock: Clock
  inbound: InboundLimits | undefined
  binary: 'close' | 'ignore' | 'accept'
}

/** Whose messages they are. */
export interface InboxOwner {
  close(code: number, reason?: string): void
  /** A listener threw. */
  failed(error: unknown): void
}

/** Messages that wait for a plane that is not listening yet; then reading stops. */
const maxEarly = 64

/** Incoming messages of one socket: limits, and waiting for the plane to be ready. */
export class Inbox {
  readonly #websocket: WebSocket
  readonly #context: InboxContext
  readonly #owner: InboxOwner
  /** Made by the first message. */
  #bucket: Bucket | undefined
  #early: Buffer[] | undefined
  #onText: MessageListener | undefined
  #onBinary: BinaryListener | undefined
  #stopPause: Stop | undefined

  constructor(websocket: WebSocket, context: InboxContext, owner: InboxOwner) {
    this.#websocket = websocket
    this.#context = context
    this.#owner = owner
  }

  /** False when the message is not to be handled: too many came, or the socket is closing. */
  admits(): boolean {
    if (this.#websocket.readyState !== this.#websocket.OPEN) return false
    const { inbound } = this.#context
    const waitMs = inbound ? this.#take(inbound) : 0
    if (!inbound || waitMs === 0) return true
    if (inbound.exceeded === 'close') {
      this.#owner.close(inbound.code ?? closeCodes.policy, inbound.reason ?? 'rate limit exceeded')
      return false
    }
    // This message has arrived and counts; the socket is read again when the bucket has room.
    this.#pauseFor(waitMs)
    return true
  }

  receive(data: Buffer, isBinary: boolean): void {
    if (isBinary) this.#receiveBinary(data)
    else this.#receiveText(data)
  }

  onText(listener: MessageListener): void {
    this.#onText = listener
    const waiting = this.#early
    if (!waiting) return
    this.#early = undefined
    for (const data of waiting) this.#call(() => listener(data.toString()))
    if (waiting.length >= maxEarly) this.#websocket.resume()
  }

  onBinary(listener: BinaryListener): void {
    this.#onBinary = listener
  }

  stop(): void {
    this.#stopPause?.()
  }

  #take({ perSecond, burst = perSecond }: InboundLimits): number {
    this.#bucket ??= new Bucket(this.#context.clock, perSecond, burst)
    return this.#bucket.take()
  }

  #receiveText(data: Buffer): void {
    const listener = this.#onText
    if (listener) {
      this.#call(() => listener(data.toString()))
      return
    }
    this.#early ??= []
    this.#early.push(data)
    if (this.#early.length >= maxEarly) this.#websocket.pause()
  }

  #receiveBinary(data: Buffer): void {
    const { binary } = this.#context
    const listener = this.#onBinary
    if (binary === 'close') this.#owner.close(closeCodes.unsupportedData, 'text only')
    if (binary === 'accept' && listener) this.#call(() => listener(data))
  }

  #pauseFor(ms: number): void {
    this.#websocket.pause()
    this.#stopPause?.()
    this.#stopPause = this.#context.clock.after(ms, () => this.#websocket.resume())
  }

  #call(run: () => void | Promise<void>): void {
    try {
      const result = run()
      if (result) result.catch((error: unknown) => this.#owner.failed(error))
    } catch (error) {
      this.#owner.failed(error)
    }
  }
}
