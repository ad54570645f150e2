// One socket of a gateway, from its upgrade to its end (contract 2).

import type { Stop } from '@parley/kernel/ids'
import type { Connection } from '@parley/kernel/socket'
import type { JsonObject } from '@parley/kernel/wire'
import { closeCodes } from '../close-codes.js'
import { limits } from '../protocol/index.js'
import type { Gateway, TokenVerdict } from '../service/deps.js'
import { ConnectionLink } from './connection-link.js'
import { Conversation } from './conversation.js'
import type { SocketDeps } from './deps.js'
import { Inlet } from './inlet.js'
import type { Room, Rooms } from './rooms.js'

/** The reading end: not read while its gateway is not known, or has sent more than it may. */
export type Tap = { pause(): void; resume(): void }

export type GatewaySocketOptions = {
  parts: SocketDeps
  connection: Connection
  tap: Tap
  rooms: Rooms
}

export class GatewaySocket {
  readonly #options: GatewaySocketOptions
  readonly #connection: Connection
  #stopWaiting: Stop
  #inlet: Inlet | undefined

  constructor(options: GatewaySocketOptions) {
    const { parts, connection, tap } = options
    this.#options = options
    this.#connection = connection
    tap.pause()
    this.#stopWaiting = parts.deps.ground.clock.after(limits.handshakeMs, () => this.#tooLate())
    connection.onClose(() => this.#stopWaiting())
  }

  /** Lets the gateway in, or closes with the reason: the upgrade itself is always completed (2.4). */
  async admit(token: string | undefined): Promise<void> {
    const verdict = await this.#verify(token)
    if (!this.#connection.isOpen) return
    if (!verdict) return this.#close(closeCodes.tryLater, 'temporarily unavailable')
    if (verdict.outcome !== 'accepted') return this.#close(closeCodes.unauthorized, verdict.outcome)
    const { gateway } = verdict
    const room = this.#options.rooms.enter(gateway.gatewayId, this)
    if (!room) return this.#close(closeCodes.tryLater, 'too many connections')
    this.#serve(gateway, room)
  }

  /** There may be room for more of its actions. */
  wake(): void {
    this.#inlet?.wake()
  }

  /** Nothing more is read: the connector stops. */
  stop(): void {
    this.#inlet?.close()
    this.#options.tap.resume()
  }

  /** Undefined when the store can't be asked: then nobody is told `unauthorized`. */
  async #verify(token: string | undefined): Promise<TokenVerdict | undefined> {
    const { verify, deps } = this.#options.parts
    try {
      return await verify(token)
    } catch (error) {
      deps.onFault(error, 'relay.socket')
      return undefined
    }
  }

  #serve(gateway: Gateway, room: Room): void {
    const { parts, rooms, tap } = this.#options
    const { ground, options, tally, onFault } = parts.deps
    const connection = this.#connection
    const close = (code: number, reason: string) => this.#close(code, reason)
    const link = new ConnectionLink(connection, { gateway, tally, close })
    const conversation = new Conversation({ parts, link, room, greeted: () => this.#stopWaiting() })
    const inlet = new Inlet({
      clock: ground.clock,
      perSecond: options.limits.framesPerSecond,
      mayRead: () => room.openActions < options.limits.openActions,
      frame: (frame: JsonObject) => conversation.hear(frame),
      malformed: () => tally.count('frames.malformed'),
      tooLong: () => this.#close(closeCodes.messageTooBig, 'line too long'),
      failed: (error) => {
        onFault(error, 'relay.socket')
        this.#close(closeCodes.tryLater, 'temporarily unavailable')
      },
      emptied: () => conversation.heardAll(),
      ...tap,
    })
    this.#inlet = inlet
    connection.onMessage((text) => inlet.push(text))
    connection.onClose(() => {
      inlet.close()
      rooms.leave(gateway.gatewayId, this)
      conversation.end()
    })
    tap.resume()
  }

  #tooLate(): void {
    // WHY: while its token is still being looked at the gateway has done nothing wrong.
    if (this.#inlet) this.#close(closeCodes.handshakeTimeout, 'no hello')
    else this.#close(closeCodes.tryLater, 'temporarily unavailable')
  }

  #close(code: number, reason: string): void {
    this.#connection.close(code, reason)
    // The answer to the close has to be read.
    this.stop()
  }
}
