import type { Connection } from '@parley/kernel/socket'
import type { BotIdentity } from '../protocol/index.js'
import type { Gateway, GatewayLink, Tally } from '../service/deps.js'

/** A gateway's socket as the service sees it. Each frame is one message, and ends with a newline (2.5). */
export class ConnectionLink implements GatewayLink {
  readonly gateway: Gateway
  readonly advertised: BotIdentity[] = []
  readonly #connection: Connection
  readonly #tally: Tally
  readonly #close: (code: number, reason: string) => void

  /** `close`: ends the whole socket. */
  constructor(
    connection: Connection,
    parts: { gateway: Gateway; tally: Tally; close(code: number, reason: string): void },
  ) {
    this.gateway = parts.gateway
    this.#connection = connection
    this.#tally = parts.tally
    this.#close = parts.close
  }

  get id(): string {
    return this.#connection.id
  }

  get isOpen(): boolean {
    return this.#connection.isOpen
  }

  get isCongested(): boolean {
    return this.#connection.isCongested
  }

  send(text: string): void {
    if (!this.#connection.isOpen) return
    this.#tally.count('frames.out')
    this.#connection.send(`${text}\n`)
  }

  drained(): Promise<void> {
    return this.#connection.drained()
  }

  close(code: number, reason: string): void {
    this.#close(code, reason)
  }
}
