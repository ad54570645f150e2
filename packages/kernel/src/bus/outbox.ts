// What waits to be sent while others are on their way: hints by stream, the rest in order.
import type { NodeId, StreamId } from '../ids/index.js'
import { type BusMessage, encodeMessage } from './message.js'
import type { Head } from './port.js'

const maxStreams = 10_000
const maxMessages = 10_000
const maxChars = 8 * 1024 * 1024

/** Messages for one receiver (`undefined`: everybody) that travel together. */
export type Packet = { to: NodeId | undefined; messages: string[] }

type Waiting = { to: NodeId | undefined; text: string; isSignal: boolean }

export class Outbox {
  #heads = new Map<StreamId, number[]>()
  #messages: Waiting[] = []
  #chars = 0
  #hasGap = false

  get isEmpty(): boolean {
    return this.#heads.size === 0 && this.#messages.length === 0 && !this.#hasGap
  }

  /** Takes a message in. Hints past the bound become one "something was lost"; other messages past it are lost. */
  add(message: BusMessage, to: NodeId | undefined): void {
    if (message.kind === 'moved') for (const head of message.heads) this.#addHead(head)
    else if (message.kind === 'gap') this.#hasGap = true
    else this.#addMessage(message, to)
  }

  /** Everything that waits, hints first, one packet a receiver. */
  take(): Packet[] {
    const everybody: string[] = []
    if (this.#hasGap) everybody.push(encodeMessage({ kind: 'gap' }))
    const heads = [...this.#heads].flatMap(([stream, seqs]) => seqs.map((seq) => ({ stream, seq })))
    if (heads.length > 0) everybody.push(encodeMessage({ kind: 'moved', heads }))
    const packets = new Map<NodeId | undefined, string[]>([[undefined, everybody]])
    for (const { to, text } of this.#messages) {
      const messages = packets.get(to)
      if (messages) messages.push(text)
      else packets.set(to, [text])
    }
    this.#clear()
    return [...packets].flatMap(([to, messages]) => (messages.length > 0 ? [{ to, messages }] : []))
  }

  /** Drops signals: nobody wants them late. */
  dropSignals(): void {
    this.#messages = this.#messages.filter(({ isSignal }) => !isSignal)
    this.#chars = this.#messages.reduce((sum, { text }) => sum + text.length, 0)
  }

  #addHead({ stream, seq }: Head): void {
    const waiting = this.#heads.get(stream)
    if (!waiting && this.#heads.size >= maxStreams) this.#hasGap = true
    // A drop (0) swallows what came before it; what comes after a drop is told after it.
    else if (waiting?.[0] === 0 && seq > 0) this.#heads.set(stream, [0, seq])
    else this.#heads.set(stream, [seq])
  }

  #addMessage(message: BusMessage, to: NodeId | undefined): void {
    const text = encodeMessage(message)
    if (this.#messages.length >= maxMessages || this.#chars + text.length > maxChars) return
    this.#messages.push({ to, text, isSignal: message.kind === 'signal' })
    this.#chars += text.length
  }

  #clear(): void {
    this.#heads = new Map()
    this.#messages = []
    this.#chars = 0
    this.#hasGap = false
  }
}
