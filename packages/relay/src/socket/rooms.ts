import type { GatewaySocket } from './gateway-socket.js'

/** What the sockets of one gateway share. */
export type Room = {
  readonly sockets: Set<GatewaySocket>
  /** Actions that were not answered yet. */
  openActions: number
}

/** The sockets of all gateways on this node. */
export class Rooms {
  readonly #rooms = new Map<string, Room>()
  readonly #mostSockets: number

  constructor(mostSockets: number) {
    this.#mostSockets = mostSockets
  }

  /** Undefined when the gateway has too many sockets. */
  enter(gatewayId: string, socket: GatewaySocket): Room | undefined {
    const room = this.#rooms.get(gatewayId) ?? { sockets: new Set(), openActions: 0 }
    if (room.sockets.size >= this.#mostSockets) return undefined
    room.sockets.add(socket)
    this.#rooms.set(gatewayId, room)
    return room
  }

  leave(gatewayId: string, socket: GatewaySocket): void {
    const room = this.#rooms.get(gatewayId)
    if (room?.sockets.delete(socket) && room.sockets.size === 0) this.#rooms.delete(gatewayId)
  }
}
