// A foreign gateway at the other end of a real socket: it speaks frames, and does nothing by itself.
import { eventually } from '@parley/testkit'
import { WebSocket } from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: tests look into frames as gateways do.
export type Frame = any
export type Target = { platform?: string; botId?: string }

export class Peer {
  readonly socket: WebSocket
  /** Messages as they came. */
  readonly texts: string[] = []
  readonly frames: Frame[] = []
  closed: { code: number; reason: string } | undefined
  #requests = 0
  #isAcking = false

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('error', () => undefined)
    socket.on('message', (data: Buffer) => this.#heard(data.toString()))
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
    })
  }

  #heard(text: string): void {
    this.texts.push(text)
    for (const line of text.split('\n').filter((one) => one !== '')) {
      const frame = JSON.parse(line) as Frame
      this.frames.push(frame)
      if (this.#isAcking && frame.type === 'inbound') this.ack(frame.bufferId)
    }
  }

  /** From now on acknowledges every event as it comes, and what came already. */
  set isAcking(is: boolean) {
    this.#isAcking = is
    if (is) this.ack(...this.of('inbound').map(({ bufferId }) => bufferId))
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve, reject) => this.socket.once('open', resolve).once('error', reject))
    return this
  }

  send(...frames: object[]): void {
    for (const frame of frames) this.sendText(`${JSON.stringify(frame)}\n`)
  }

  sendText(text: string): void {
    this.socket.send(text)
  }

  ack(...bufferIds: string[]): void {
    for (const bufferId of bufferIds) this.send({ type: 'inbound_ack', bufferId })
  }

  /** Says hello for each and waits for as many descriptors. */
  async hello(...identities: object[]): Promise<Frame[]> {
    const before = this.of('descriptor').length
    for (const identity of identities) this.send({ type: 'hello', ...identity })
    return (await this.got('descriptor', before + identities.length)).slice(before)
  }

  of(type: string): Frame[] {
    return this.frames.filter((frame) => frame.type === type)
  }

  /** Waits for so many frames of a type; answers all of it. */
  async got(type: string, count = 1): Promise<Frame[]> {
    return await eventually(() => {
      const found = this.of(type)
      return found.length >= count && found
    })
  }

  /** Texts of the events that came, in order. */
  get heard(): string[] {
    return this.of('inbound').map(({ event }) => event.text)
  }

  /** Asks for one action and waits for its result. */
  async ask(action: unknown, target: Target = {}): Promise<Frame> {
    return JSON.parse(await this.answer(action, target)).result
  }

  /** The exact text of the answer, with the request's own id taken out. */
  async answer(action: unknown, target: Target = {}): Promise<string> {
    const requestId = `request-${String(++this.#requests).padStart(8, '0')}`
    this.send({ type: 'outbound', requestId, action, ...target })
    const text = await eventually(() =>
      this.texts.find((one) => one.includes('"outbound_result"') && one.includes(requestId)),
    )
    return text.replaceAll(requestId, '*')
  }

  /** Resolves when everything that was sent so far has been read: control frames keep their place. */
  async read(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.socket.once('pong', () => resolve())
      this.socket.ping()
    })
  }

  async closedWith(): Promise<{ code: number; reason: string }> {
    return await eventually(() => this.closed)
  }

  /** Ends as a machine does that is switched off. */
  kill(): void {
    this.socket.terminate()
  }
}

/** Dials; resolves when the upgrade is completed, whatever comes after it. */
export async function dial(url: string, token: string | undefined): Promise<Peer> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return await new Peer(new WebSocket(url, { headers })).open()
}
