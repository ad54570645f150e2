import { WebSocket } from 'ws'
import type { Clock, Ids, Stop } from '../ids/index.js'
import {
  type BinaryListener,
  type CloseListener,
  type Connection,
  closeCodes,
  type InboundLimits,
  type MessageListener,
  type SlowLimits,
} from './connection.js'
import type { Heartbeat, Pulse } from './heartbeat.js'
import type { IdleWatch, IdleWatches } from './idle-watch.js'
import { Inbox, type InboxOwner } from './inbox.js'
import { Lane, type LaneOwner } from './lane.js'
import type { Outlet } from './outlet.js'
import { type PreparedFrame, prepareFrame } from './prepared-frame.js'
import { SlowGuard } from './slow-guard.js'
import { listenTo, type SocketOwner } from './ws-listeners.js'

/** What all connections of an acceptor share. */
export type ConnectionContext = {
  clock: Clock
  ids: Ids
  outlet: Outlet
  heartbeat: Heartbeat
  idle: IdleWatches
  slow: Required<SlowLimits>
  inbound: InboundLimits | undefined
  binary: 'close' | 'ignore' | 'accept'
  closeGraceMs: number
  onFault(error: unknown): void
  /** Told once of each connection that has closed, before its own listeners. */
  onClosed(connection: Connection): void
}

const noWatches: readonly IdleWatch[] = []
const noListeners: readonly CloseListener[] = []

/**
 * A connection over a WebSocket of ws. A class, like its parts: a server holds thousands, they must share one shape, and
 * a closure for each thing that one can do is most of what they would take.
 */
export class WsConnection implements Connection, Pulse, LaneOwner, InboxOwner, SocketOwner {
  readonly remoteAddress: string
  readonly lane: Lane
  heardAt: number
  pingedAt = 0
  readonly #websocket: WebSocket
  readonly #context: ConnectionContext
  readonly #guard: SlowGuard
  readonly #inbox: Inbox
  #id: string | undefined
  // Replaced, not pushed to: a list that was pushed to keeps room for sixteen more.
  #idle = noWatches
  #closeListeners = noListeners
  #stopGrace: Stop | undefined
  #closed: { code: number; reason: string } | undefined

  constructor(websocket: WebSocket, remoteAddress: string, context: ConnectionContext) {
    const { clock, outlet, heartbeat } = context
    this.remoteAddress = remoteAddress
    this.heardAt = clock.now()
    this.#websocket = websocket
    this.#context = context
    this.lane = new Lane(websocket, outlet, this)
    this.#guard = new SlowGuard(this, context)
    this.#inbox = new Inbox(websocket, context, this)
    heartbeat.watch(this)
    listenTo(websocket, this)
  }

  /** Made when first asked for: most are never. */
  get id(): string {
    this.#id ??= this.#context.ids.next('con')
    return this.#id
  }

  get protocol(): string {
    return this.#websocket.protocol
  }

  get isOpen(): boolean {
    return this.#websocket.readyState === WebSocket.OPEN
  }

  get alive(): boolean {
    return this.pingedAt <= this.heardAt
  }

  get bufferedBytes(): number {
    return this.lane.bufferedBytes
  }

  get isCongested(): boolean {
    return this.#guard.isCongested
  }

  send(text: string): void {
    this.sendFrame(prepareFrame(text))
  }

  sendFrame(frame: PreparedFrame): void {
    if (this.isOpen) this.lane.push(frame)
  }

  sendBinary(bytes: Uint8Array): void {
    if (!this.isOpen) return
    this.lane.settle()
    this.#websocket.send(bytes, { binary: true })
    this.#guard.check()
  }

  onMessage(listener: MessageListener): void {
    this.#inbox.onText(listener)
  }

  onBinary(listener: BinaryListener): void {
    this.#inbox.onBinary(listener)
  }

  onClose(listener: CloseListener): Stop {
    if (this.#closed) queueMicrotask(() => this.#tell(listener))
    else this.#closeListeners = this.#closeListeners.concat(listener)
    return () => this.#forget(listener)
  }

  onIdle(ms: number, listener: () => void): Stop {
    if (this.#closed) return () => {}
    const watch = this.#context.idle.watch(ms, listener)
    this.#idle = this.#idle.concat(watch)
    return () => this.#stopWatch(watch)
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.lane.flush()
      const done = () => {
        this.#forget(done)
        resolve()
      }
      if (this.#closed || !this.lane.onceDrained(done)) done()
      else this.#closeListeners = this.#closeListeners.concat(done)
    })
  }

  close(code: number, reason = ''): void {
    if (this.isOpen) this.lane.settle()
    // Settling may have closed it: too much was waiting.
    if (!this.isOpen) return
    this.#guard.stop()
    this.#websocket.close(code, toReason(reason))
    this.#stopGrace = this.#context.clock.after(this.#context.closeGraceMs, () => this.terminate())
  }

  terminate(): void {
    this.#websocket.terminate()
  }

  ping(): void {
    this.#websocket.ping()
  }

  failed(error: unknown): void {
    this.#context.onFault(error)
    this.close(closeCodes.internal)
  }

  onWritten(): void {
    this.#guard.check()
  }

  onHeard(): void {
    this.heardAt = this.#context.clock.now()
  }

  onReceived(data: Buffer, isBinary: boolean): void {
    this.onHeard()
    if (!this.#inbox.admits()) return
    for (const watch of this.#idle) watch.queue.touch(watch)
    this.#inbox.receive(data, isBinary)
  }

  onEnded(code: number, reason: string): void {
    this.#closed = { code, reason }
    this.#stopGrace?.()
    this.#context.heartbeat.forget(this)
    this.#guard.stop()
    this.#inbox.stop()
    for (const watch of this.#idle) this.#stopWatch(watch)
    this.#context.onClosed(this)
    for (const listener of this.#closeListeners) {
      // One before it may have stopped it.
      if (this.#closeListeners.includes(listener)) this.#tell(listener)
    }
    this.#closeListeners = noListeners
  }

  #stopWatch(watch: IdleWatch): void {
    watch.queue.stop(watch)
    this.#idle = this.#idle.filter((one) => one !== watch)
  }

  #forget(listener: CloseListener): void {
    this.#closeListeners = this.#closeListeners.filter((one) => one !== listener)
  }

  #tell(listener: CloseListener): void {
    try {
      listener(this.#closed?.code ?? 1006, this.#closed?.reason ?? '')
    } catch (error) {
      this.#context.onFault(error)
    }
  }
}

/** A close frame has room for 123 bytes; more would throw. */
function toReason(reason: string): Buffer {
  const bytes = Buffer.from(reason)
  if (bytes.length <= 123) return bytes
  // Cutting inside a character leaves a replacement character, which is three bytes long.
  return Buffer.from(
    bytes
      .subarray(0, 120)
      .toString()
      .replace(/\uFFFD$/, ''),
  )
}
