import { type WebSocketTransport, webSocketTransport } from '@parley/relay/gateway'
import type { Life, LifeOptions, Told, ToSend } from './life.js'
import { toTold } from './life.js'

export type LibraryOptions = LifeOptions & {
  /** An event was handed on that had been taken in this life. */
  repeated(messageId: string): void
}

const longestSleepMs = 10_000

/** A gateway on `webSocketTransport`: it dials again by itself. */
export class LibraryLife implements Life {
  readonly #options: LibraryOptions
  readonly #transport: WebSocketTransport
  readonly #taken = new Set<string>()
  #isDead = false

  constructor(options: LibraryOptions) {
    this.#options = options
    const { bots, sockets, ...dialled } = options
    const { WebSocket } = sockets
    this.#transport = webSocketTransport({ ...dialled, identities: bots, WebSocket })
    this.#transport.setInboundHandler(async (event) => {
      if (this.#isDead) throw new Error('this process is gone')
      const name = `${event.source.platform} ${event.source.chat_id} ${event.message_id}`
      if (this.#taken.has(name)) options.repeated(event.message_id ?? '')
      if (!(await options.take(event))) throw new Error('not taken')
      this.#taken.add(name)
    })
  }

  get socket(): number {
    return this.#options.sockets.current?.number ?? 0
  }

  async open(): Promise<boolean> {
    if (!(await this.#transport.connect())) return false
    return this.#transport.state.state === 'connected'
  }

  async send({ text, chatId }: ToSend): Promise<Told> {
    // It knows by itself which bot a chat is of, once something came from there.
    const action = { op: 'send', chat_id: chatId, content: text } as const
    return toTold(await this.#transport.sendOutbound(action))
  }

  sleep(): Promise<boolean> {
    // It would dial again after a second.
    this.#transport.holdRedial(longestSleepMs)
    return this.#transport.goDormant()
  }

  cut(): void {
    this.#options.sockets.current?.terminate()
  }

  kill(): void {
    this.#isDead = true
    this.#options.sockets.current?.abandon()
    void this.#transport.disconnect({ graceMs: 0 })
  }

  vanish(forMs: number): void {
    this.#isDead = true
    this.#options.sockets.current?.vanish(forMs)
    void this.#transport.disconnect({ graceMs: 0 })
  }
}
