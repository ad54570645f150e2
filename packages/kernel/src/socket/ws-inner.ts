import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { canPrepareFrames } from './prepared-frame.js'

/** What lies under a `WebSocket` of ws. Private there, hence looked at with care and in this file only. */
type Inner = {
  _socket?: Partial<Socket> | null
  _sender?: { _state?: unknown; _queue?: unknown }
  _extensions?: unknown
}

/** The parts of the library's sender that say whether it is at rest. */
type Sender = { readonly _state: unknown; readonly _queue: readonly unknown[] }

/** The socket under a WebSocket, for writing whole frames past the library's own queue. */
export class RawOutput {
  readonly socket: Socket
  readonly #sender: Sender

  constructor(socket: Socket, sender: Sender) {
    this.socket = socket
    this.#sender = sender
  }

  /** False while the library has an unfinished send of its own: a frame written now would cut into it. */
  isFree(): boolean {
    return this.#sender._state === 0 && this.#sender._queue.length === 0
  }
}

/**
 * Undefined when ws does not look the way we know it, or when the socket compresses. Then everything goes through
 * `WebSocket.send`.
 */
export function rawOutput(websocket: WebSocket): RawOutput | undefined {
  // The cast: these fields are not in the types; each is checked below.
  const { _socket: socket, _sender: sender, _extensions: extensions } = websocket as unknown as Inner
  if (!canPrepareFrames() || !socket || !sender) return undefined
  if (typeof socket.write !== 'function' || typeof socket.writableLength !== 'number') return undefined
  if (typeof sender._state !== 'number' || !Array.isArray(sender._queue)) return undefined
  if (typeof extensions !== 'object' || extensions === null || Object.keys(extensions).length > 0)
    return undefined
  // The casts: what is used of either was checked above.
  return new RawOutput(socket as Socket, sender as Sender)
}
