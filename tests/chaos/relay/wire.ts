import { readMessageEvent } from '@parley/relay/protocol'
import { WebSocket } from 'ws'
import { bots } from './cast.js'
import type { Handed, WireEvent } from './evidence.js'

const platforms = bots.map(({ platform }) => platform)

/** Writes down what goes over the sockets of one gateway, whoever holds their ends. */
export class Wire {
  /** With the time of each, for whoever looks for a cause. */
  readonly events: (WireEvent & { at: number })[] = []
  /** Entries that came, in the order in which they came first. */
  readonly #entries = new Map<string, { socket: number; isAcked: boolean; isSettled: boolean }>()
  /** Those that somebody holds. */
  readonly #held = new Set<number>()
  #sockets = 0

  /** Entries that came and were not seen to be settled. */
  get open(): string[] {
    return [...this.#entries].filter(([, { isSettled }]) => !isSettled).map(([bufferId]) => bufferId)
  }

  /** The table does not hold these any more. */
  settled(bufferIds: readonly string[]): void {
    for (const bufferId of bufferIds) {
      this.note({ kind: 'settled', bufferId })
      this.#entries.get(bufferId)!.isSettled = true
    }
  }

  /** True when everything that came was acknowledged. */
  isAllAcked(): boolean {
    return [...this.#entries.values()].every(({ isAcked, isSettled }) => isAcked || isSettled)
  }

  /** Entries that were acknowledged on a socket that is still held, and are in the table all the same. */
  unsettled(): number {
    const isLost = (entry: { socket: number; isAcked: boolean; isSettled: boolean }) =>
      this.#held.has(entry.socket) && entry.isAcked && !entry.isSettled
    return [...this.#entries.values()].filter(isLost).length
  }

  note(event: WireEvent): void {
    this.events.push({ ...event, at: Math.round(performance.now()) })
  }

  began(): number {
    this.#sockets += 1
    this.#held.add(this.#sockets)
    this.note({ kind: 'dialled', socket: this.#sockets })
    return this.#sockets
  }

  came(socket: number, frame: Frame, text: string): void {
    if (frame.type === 'descriptor') this.note({ kind: 'open', socket })
    if (frame.type === 'going_idle_ack') this.note({ kind: 'idle', socket })
    if (frame.type !== 'inbound' || typeof frame.bufferId !== 'string') return
    const message = handedOf(frame.event)
    if (!message) throw new Error(`an event that can't be read: ${text}`)
    const { bufferId } = frame
    this.note({ kind: 'inbound', socket, bufferId, frame: text, message })
    this.#entries.set(bufferId, { socket, isAcked: false, isSettled: false })
  }

  went(socket: number, { type, bufferId }: Frame): void {
    if (type === 'going_idle') this.note({ kind: 'tired', socket })
    if (type !== 'inbound_ack' || typeof bufferId !== 'string') return
    this.note({ kind: 'ack', socket, bufferId })
    const entry = this.#entries.get(bufferId)
    if (entry) entry.isAcked = true
  }

  ended(socket: number, code: number): void {
    this.note({ kind: 'closed', socket, code })
    this.abandoned(socket)
  }

  /** Nobody holds it any more. */
  abandoned(socket: number): void {
    this.#held.delete(socket)
  }
}

export type Frame = { type: string; bufferId?: unknown; [member: string]: unknown }

export const framesOf = (text: string): Frame[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    // The cast: both ends are ours, and frames are objects with a type.
    .map((line) => JSON.parse(line) as Frame)

function handedOf(event: unknown): Handed | undefined {
  const read = readMessageEvent(event, { platforms })
  if (!read?.message_id) return undefined
  const { source, message_id: messageId, text } = read
  const { platform, chat_id: chatId, user_id: userId } = source
  return { platform, chatId: chatId ?? '', messageId, userId: userId ?? '', text }
}

/** A socket whose frames are written down. */
export class WatchedSocket extends WebSocket {
  readonly number: number
  readonly #wire: Wire
  #isGone = false

  constructor(wire: Wire, ...args: ConstructorParameters<typeof WebSocket>) {
    super(...args)
    this.#wire = wire
    this.number = wire.began()
    this.on('message', (data) => {
      if (this.#isGone) return
      const text = String(data)
      for (const frame of framesOf(text)) wire.came(this.number, frame, text.trimEnd())
    })
    this.on('close', (code) => this.#isGone || wire.ended(this.number, code))
    const send = this.send.bind(this)
    // Assigned, since `ws` declares several forms of it.
    this.send = (data: unknown, ...rest: unknown[]) => {
      if (this.#isGone) return
      const frames = this.readyState === WebSocket.OPEN ? framesOf(String(data)) : []
      for (const frame of frames) wire.went(this.number, frame)
      // The cast: whatever the caller gave.
      const sendAny = send as (...all: unknown[]) => void
      sendAny(data, ...rest)
    }
  }

  override close(code?: number, reason?: string | Buffer): void {
    if (!this.#isGone) super.close(code, reason)
  }

  /** From now on nobody is at this end: as when a process is killed. */
  abandon(): void {
    this.#leave()
    this.on('error', () => {}).terminate()
  }

  /** The same without a word to the other end: as when a machine is taken from its network. */
  vanish(forMs: number): void {
    this.#leave()
    this.on('error', () => {}).pause()
    setTimeout(() => this.terminate(), forMs)
  }

  #leave(): void {
    this.#isGone = true
    this.#wire.abandoned(this.number)
  }
}

/** The sockets of one life: a constructor like that of `ws`, and what it has made last. */
export class Sockets {
  current: WatchedSocket | undefined
  readonly WebSocket: typeof WebSocket

  constructor(wire: Wire) {
    const made = (socket: WatchedSocket) => {
      this.current = socket
    }
    // The cast: it is called as that of `ws` is, and makes one.
    this.WebSocket = class extends WatchedSocket {
      constructor(...args: ConstructorParameters<typeof WebSocket>) {
        super(wire, ...args)
        made(this)
      }
    } as unknown as typeof WebSocket
  }
}
