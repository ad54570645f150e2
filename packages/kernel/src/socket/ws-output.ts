// The one place that writes frames to sockets: past the queue of ws where that is safe, else through it.
// Classes, not closures: with thousands of sockets, objects of one shape are what keeps a write cheap.
import type { WebSocket } from 'ws'
import type { Batch } from './batch.js'
import { payloadOf } from './prepared-frame.js'
import { type RawOutput, rawOutput } from './ws-inner.js'

/** Where the frames of one socket go. */
export interface Output {
  write(batch: Batch): void
  /** Bytes that the operating system has not taken yet. */
  waitingBytes(): number
  /** Calls back once, when everything written so far has been taken; false when nothing is waiting. */
  onceDrained(listener: () => void): boolean
}

/** The fastest output that this WebSocket allows. */
export function createOutput(websocket: WebSocket): Output {
  const raw = rawOutput(websocket)
  return raw ? new SocketOutput(raw, websocket) : new LibraryOutput(websocket)
}

class SocketOutput implements Output {
  readonly #raw: RawOutput
  readonly #websocket: WebSocket
  #library: LibraryOutput | undefined

  constructor(raw: RawOutput, websocket: WebSocket) {
    this.#raw = raw
    this.#websocket = websocket
  }

  write(batch: Batch): void {
    if (this.#raw.isFree()) this.#raw.socket.write(batch.joined)
    else this.#throughLibrary().write(batch)
  }

  waitingBytes(): number {
    return this.#raw.isFree() ? this.#raw.socket.writableLength : this.#websocket.bufferedAmount
  }

  onceDrained(listener: () => void): boolean {
    const { socket } = this.#raw
    if (socket.writableLength === 0) return this.#library?.onceDrained(listener) ?? false
    // `drain` comes only after a write that passed the high-water mark; an empty write comes after all others.
    if (socket.writableNeedDrain) socket.once('drain', listener)
    else socket.write('', () => listener())
    return true
  }

  #throughLibrary(): LibraryOutput {
    this.#library ??= new LibraryOutput(this.#websocket)
    return this.#library
  }
}

class LibraryOutput implements Output {
  readonly #websocket: WebSocket
  #unsent = 0
  #listeners: (() => void)[] = []

  constructor(websocket: WebSocket) {
    this.#websocket = websocket
  }

  write({ frames }: Batch): void {
    this.#unsent += frames.length
    for (const frame of frames)
      this.#websocket.send(payloadOf(frame), { binary: false }, () => this.#onSent())
  }

  waitingBytes(): number {
    return this.#websocket.bufferedAmount
  }

  onceDrained(listener: () => void): boolean {
    if (this.#unsent > 0) this.#listeners.push(listener)
    return this.#unsent > 0
  }

  #onSent(): void {
    this.#unsent--
    if (this.#unsent > 0) return
    const waiting = this.#listeners
    this.#listeners = []
    for (const listener of waiting) listener()
  }
}
