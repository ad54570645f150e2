import type { WebSocket } from 'ws'

/** Who is told what happens on a WebSocket. */
export interface SocketOwner {
  onReceived(data: Buffer, isBinary: boolean): void
  /** A ping, or the answer to one. */
  onHeard(): void
  onEnded(code: number, reason: string): void
}

const owner = Symbol('owner')

type Owned = WebSocket & { [owner]: SocketOwner }

/** Tells `of` of everything that happens. The listeners are the same for all sockets: each finds its owner there. */
export function listenTo(websocket: WebSocket, of: SocketOwner): void {
  const owned: Owned = Object.assign(websocket, { [owner]: of })
  owned.on('message', onMessage)
  owned.on('pong', onHeard)
  owned.on('ping', onHeard)
  // ws answers malformed and oversized frames itself (1002, 1007, 1009); without a listener it would throw.
  owned.on('error', ignore)
  owned.on('close', onClose)
}

// The casts: ws calls its listeners on the socket that they were given to, which `listenTo` has marked.
function onMessage(this: WebSocket, data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean): void {
  const { [owner]: of } = this as Owned
  of.onReceived(toBuffer(data), isBinary)
}

function onHeard(this: WebSocket): void {
  const { [owner]: of } = this as Owned
  of.onHeard()
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  const { [owner]: of } = this as Owned
  of.onEnded(code, reason.toString())
}

function ignore(): void {}

function toBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
