// What one gateway sends, line by line: in order, no faster than it may, and never more in memory than what arrived at once.

import type { Clock, Stop } from '@parley/kernel/ids'
import type { JsonObject } from '@parley/kernel/wire'
import { createFrameReader, type FrameReader, limits } from '../protocol/index.js'

export type InletOptions = {
  clock: Clock
  /** Lines a second, and at once; each 16 Ki characters of one count as one more. */
  perSecond: number
  /** Whether a line may be read now; call `wake` when that has changed. */
  mayRead(): boolean
  /** The next line is read when what it returns has resolved. */
  frame(frame: JsonObject): void | Promise<void>
  malformed(): void
  /** A line is longer than 1 MiB; nothing more is read. */
  tooLong(): void
  failed(error: unknown): void
  /** Everything that arrived was read. */
  emptied(): void
  /** The socket is to be read, or not. */
  pause(): void
  resume(): void
}

/** Characters that count as a line. WHY: of lines as long as they may be, a second's number would keep a node busy for several. */
const lineChars = 16_384

export class Inlet {
  readonly #options: InletOptions
  readonly #reader: FrameReader
  #texts: string[] = []
  /** Where the rest of the first text begins. */
  #from = 0
  #frame: JsonObject | undefined
  #isBusy = false
  #isClosed = false
  #isPaused = false
  #rate: { left: number; at: number }
  /** Of the line that is not complete yet. */
  #chars = 0
  #stopTimer: Stop | undefined

  constructor(options: InletOptions) {
    this.#options = options
    this.#rate = { left: options.perSecond, at: options.clock.now() }
    this.#reader = createFrameReader({
      maxBytes: limits.inboundMessageBytes,
      onFrame: (frame) => (this.#frame = frame),
      onMalformed: () => options.malformed(),
    })
  }

  push(text: string): void {
    if (this.#isClosed) return
    this.#texts.push(text)
    this.#read()
  }

  wake(): void {
    this.#read()
  }

  /** Nothing more is read; what still comes is dropped, so that the answer to a close is seen. */
  close(): void {
    this.#isClosed = true
    this.#texts = []
    this.#stopTimer?.()
    this.#resume()
  }

  // Not `async`: nearly all lines are handled in the turn in which they came.
  #read(): void {
    while (!this.#isClosed && !this.#isBusy && this.#texts.length > 0) {
      if (!this.#options.mayRead() || this.#mustWait()) return void this.#pause()
      if (!this.#readLine()) return
    }
    if (this.#isBusy) return void this.#pause()
    if (this.#isClosed) return
    this.#resume()
    this.#options.emptied()
  }

  /** False when nothing more is to be read now. */
  #readLine(): boolean {
    const line = this.#nextLine()
    this.#count(line)
    if (!this.#reader.push(line)) {
      this.close()
      this.#options.tooLong()
      return false
    }
    const frame = this.#frame
    this.#frame = undefined
    const work = frame && this.#options.frame(frame)
    if (work) void this.#waitFor(work)
    return true
  }

  /** Blank and malformed ones count too: a message has room for half a million. Below 0 is paid for before the next one. */
  #count(line: string): void {
    this.#chars += line.length
    if (line !== '' && !line.endsWith('\n')) return
    this.#rate.left -= 1 + Math.floor(this.#chars / lineChars)
    this.#chars = 0
  }

  /** Up to the next newline, or what there is. */
  #nextLine(): string {
    const text = this.#texts[0] ?? ''
    const newline = text.indexOf('\n', this.#from)
    const end = newline === -1 ? text.length : newline + 1
    const line = text.slice(this.#from, end)
    this.#from = end
    if (end === text.length) {
      this.#texts.shift()
      this.#from = 0
    }
    return line
  }

  async #waitFor(work: Promise<void>): Promise<void> {
    this.#isBusy = true
    await work.catch(this.#options.failed)
    this.#isBusy = false
    this.#read()
  }

  #mustWait(): boolean {
    const { clock, perSecond } = this.#options
    if (this.#rate.left >= 1) return false
    const now = clock.now()
    const gained = (Math.max(0, now - this.#rate.at) / 1_000) * perSecond
    this.#rate = { left: Math.min(perSecond, this.#rate.left + gained), at: now }
    if (this.#rate.left >= 1) return false
    this.#stopTimer?.()
    const ms = Math.ceil(((1 - this.#rate.left) / perSecond) * 1_000)
    this.#stopTimer = clock.after(ms, () => this.#read())
    return true
  }

  #pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#options.pause()
  }

  #resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#options.resume()
  }
}
