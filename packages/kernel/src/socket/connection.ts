import type { Stop } from '../ids/index.js'
import type { Lane } from './lane.js'
import type { PreparedFrame } from './prepared-frame.js'

/** What a plane does with a text message. What it throws closes the socket with 1011. */
export type MessageListener = (text: string) => void | Promise<void>
export type BinaryListener = (bytes: Buffer) => void | Promise<void>
export type CloseListener = (code: number, reason: string) => void

/** One accepted WebSocket. */
export interface Connection {
  readonly id: string
  /** The client's address, behind trusted proxies too. */
  readonly remoteAddress: string
  /** The subprotocol that was agreed on, or empty. */
  readonly protocol: string
  /** False once either side has begun to close it. */
  readonly isOpen: boolean
  /** False while a ping is unanswered. */
  readonly alive: boolean
  /** Bytes that were sent and that the operating system has not taken yet. */
  readonly bufferedBytes: number
  /** True while `bufferedBytes` is over the limit: a feed stops pushing, a plane may drop what is ephemeral. */
  readonly isCongested: boolean
  /** Sends a text message, in order with everything else. Does nothing once the connection is closing. */
  send(text: string): void
  /** Sends a frame that was prepared once for many. */
  sendFrame(frame: PreparedFrame): void
  /** Sends a binary message at once, after all earlier ones. */
  sendBinary(bytes: Uint8Array): void
  /** One listener; messages that came before are handed to it first. */
  onMessage(listener: MessageListener): void
  /** One listener; needs `binary: 'accept'`. */
  onBinary(listener: BinaryListener): void
  /** Any number of listeners, each called once, also when it is already closed. 1006: closed without a code. */
  onClose(listener: CloseListener): Stop
  /** Calls back each time no message came for `ms`; answers to pings are not messages. */
  onIdle(ms: number, listener: () => void): Stop
  /** Resolves when everything sent so far has been taken, or the connection has closed. */
  drained(): Promise<void>
  /** Sends what is waiting, then the code. A peer that does not answer is cut off after the grace period. */
  close(code: number, reason?: string): void
  /** Cuts the connection off without a word. */
  terminate(): void
  /** Its outgoing frames, for feeds. */
  readonly lane: Lane
}

/** When and how a peer that reads too slowly is closed. */
export type SlowLimits = {
  /** More than this waiting makes a connection congested. Default 1 MiB. */
  bytes?: number
  /** Closed when it stays congested this long. Default 30,000. */
  limitMs?: number
  /** Closed at once when this much is waiting. Default 4 × `bytes`. */
  hardBytes?: number
  /** Default 1013. */
  code?: number
  /** Default `too slow`. */
  reason?: string
}

/** How many messages one peer may send. */
export type InboundLimits = {
  perSecond: number
  /** Messages at once; default `perSecond`. */
  burst?: number
  /** `pause` (default) stops reading until there is room; `close` ends the connection. */
  exceeded?: 'pause' | 'close'
  /** Default 1008. */
  code?: number
  /** Default `rate limit exceeded`. */
  reason?: string
}

/** Close codes for what an acceptor itself refuses. They are standard codes; planes may give their own. */
export const closeCodes = {
  /** The server is stopping: reconnect. */
  goingAway: 1001,
  /** Binary where only text is spoken: don't repeat it. */
  unsupportedData: 1003,
  /** Against a limit of the plane. */
  policy: 1008,
  /** A fault on our side: reconnect later. */
  internal: 1011,
  /** Too many connections, or too slow: reconnect later. */
  tryLater: 1013,
} as const
