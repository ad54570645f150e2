// The seam between a link and the WebSocket it rides on.

export type SocketEvents = {
  opened(): void
  message(text: string): void
  /** Any sign of life: a message, a ping or a pong. */
  heard(): void
  /** Once, and the last. 1006: closed without a code, or never opened; `reason` says why where it is known. */
  closed(code: number, reason: string): void
}

export interface RelaySocket {
  /** Sends a text message. `onFailed`: it could not be written. */
  send(text: string, onFailed?: (error: Error) => void): void
  ping(): void
  close(code: number, reason: string): void
  /** Cuts it off without a word. */
  terminate(): void
  /** Bytes that were sent and have not left yet. */
  readonly bufferedBytes: number
}

/** Begins to open a socket. Nothing is told before it has returned. */
export type Dial = (events: SocketEvents) => RelaySocket
