import { systemClock } from '@parley/kernel/ids'
import { mintToken } from '@parley/relay/gateway'
import { dialUrl, readMessageEvent, readResult } from '@parley/relay/protocol'
import type { Life, LifeOptions, Told, ToSend } from './life.js'
import { toTold } from './life.js'
import { type Frame, framesOf, type WatchedSocket } from './wire.js'

/** Longer than a connector waits for its platform. */
const resultMs = 40_000
const idleMs = 10_000

/** A gateway that was written from the contract alone, with no more than it needs. */
export class RawLife implements Life {
  readonly #options: LifeOptions
  readonly #waiting = new Map<string, (told: Told) => void>()
  #socket: WatchedSocket | undefined
  #requests = 0
  #idled: (isIdle: boolean) => void = () => {}
  /** Events are taken one after the other. */
  #taking = Promise.resolve()

  constructor(options: LifeOptions) {
    this.#options = options
  }

  get socket(): number {
    return this.#options.sockets.current?.number ?? 0
  }

  open(): Promise<boolean> {
    if (this.#socket?.readyState === 1) return Promise.resolve(true)
    const { url, bots, sockets } = this.#options
    const authorization = `Bearer ${mintToken(this.#options, systemClock)}`
    const options = { headers: { authorization }, perMessageDeflate: false, handshakeTimeout: 15_000 }
    // The cast: that constructor makes watched ones.
    const socket = new sockets.WebSocket(dialUrl(url), options) as WatchedSocket
    this.#socket = socket
    return new Promise((resolve) => {
      socket.on('error', () => {})
      socket.on('open', () => this.#say(...bots.map((bot) => ({ type: 'hello', ...bot }))))
      socket.on('message', (data) => {
        for (const frame of framesOf(String(data))) {
          if (frame.type === 'descriptor') resolve(true)
          if (this.#socket === socket) this.#hear(frame)
        }
      })
      socket.on('close', () => {
        resolve(false)
        if (this.#socket === socket) this.#lost()
      })
    })
  }

  send({ text, bot, chatId }: ToSend): Promise<Told> {
    if (this.#socket?.readyState !== 1) return Promise.resolve({ told: 'failed', error: 'not connected' })
    const requestId = `r-${++this.#requests}`
    const action = { op: 'send', chat_id: chatId, content: text }
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve({ told: 'unknown', error: 'no answer' }), resultMs)
      this.#waiting.set(requestId, (told) => {
        clearTimeout(late)
        this.#waiting.delete(requestId)
        resolve(told)
      })
      this.#say({ type: 'outbound', requestId, action, ...bot })
    })
  }

  async sleep(): Promise<boolean> {
    const socket = this.#socket
    if (socket?.readyState !== 1) return false
    const isIdle = await new Promise<boolean>((resolve) => {
      const late = setTimeout(resolve, idleMs, false)
      this.#idled = (granted) => {
        clearTimeout(late)
        resolve(granted)
      }
      this.#say({ type: 'going_idle' })
    })
    await this.#taking
    socket.close(1000)
    return isIdle
  }

  cut(): void {
    this.kill()
  }

  kill(): void {
    this.#gone()?.abandon()
  }

  vanish(forMs: number): void {
    this.#gone()?.vanish(forMs)
  }

  #gone(): WatchedSocket | undefined {
    const socket = this.#socket
    this.#lost()
    return socket
  }

  #lost(): void {
    this.#socket = undefined
    this.#idled(false)
    for (const tell of this.#waiting.values()) tell({ told: 'unknown', error: 'the connection was lost' })
  }

  #say(...frames: object[]): void {
    this.#socket?.send(frames.map((frame) => `${JSON.stringify(frame)}\n`).join(''))
  }

  #hear(frame: Frame): void {
    if (frame.type === 'going_idle_ack') this.#idled(true)
    if (frame.type === 'outbound_result')
      this.#waiting.get(String(frame.requestId))?.(toTold(readResult(frame.result)))
    if (frame.type !== 'inbound') return
    const socket = this.#socket
    this.#taking = this.#taking.then(() => this.#take(frame, socket))
  }

  async #take({ event, bufferId }: Frame, socket: WatchedSocket | undefined): Promise<void> {
    const read = readMessageEvent(event, { platforms: this.#options.bots.map(({ platform }) => platform) })
    if (!read || this.#socket !== socket || !(await this.#options.take(read))) return
    if (this.#socket === socket) this.#say({ type: 'inbound_ack', bufferId })
  }
}
