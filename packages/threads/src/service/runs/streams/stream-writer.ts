import type { Stop } from '@parley/kernel/ids'
import { defaultLimits } from '../../../protocol/index.js'
import type { RunRow } from '../../../store/port.js'
import { Bursts } from '../../bursts.js'
import { tellChanged } from '../../changes.js'
import type { ThreadsDeps } from '../../deps.js'
import { streamOf } from '../../events.js'
import { Pace } from './pace.js'
import { cut, isSplit, wholeLength } from './pieces.js'
import type { StreamBegun, StreamWanted, StreamWord } from './words.js'

/** How long text is gathered before it is told. */
export const coalesceMs = 30
/** How often a stream says how far it is, so that a lost word is noticed while nothing new is written. */
export const reminderMs = 2_000
/** Units of one word; escaped as JSON they are a third of what a signal may have. */
const pieceUnits = 16 * 1024
const maxBytes = defaultLimits.textBytes

export type StreamWriterOptions = { run: RunRow; eventId: string; targetType: StreamBegun['target_type'] }

/** Tells the followers of a thread, on all nodes, what a run writes while it writes it, and again to who asks. */
export class StreamWriter {
  readonly #deps: ThreadsDeps
  readonly #options: StreamWriterOptions
  readonly #pace: Pace
  /** WHY apart from the rest: whoever opens rooms makes them ask for the whole, and that may be long. */
  readonly #again: Bursts
  readonly #stopListening: Stop
  #stopReminder: Stop = () => {}
  /** What was told. */
  #text = ''
  #pending = ''
  #bytes = 0
  /** From where somebody who has a part of it wants the rest again. */
  #wantedFrom: number | undefined

  constructor(deps: ThreadsDeps, options: StreamWriterOptions) {
    this.#deps = deps
    this.#options = options
    const { clock, log } = deps.ground
    this.#pace = new Pace({ clock, everyMs: coalesceMs, act: () => this.#tell() })
    this.#again = new Bursts(clock, () => this.#tellWhole())
    this.#stopListening = log.tap(streamOf(options.run.threadId), { signal: (word) => this.#heard(word) })
    this.#tellBegun()
    this.#remind()
  }

  /** Takes more text. Throws when it is more than a text part may have. */
  write(text: string): void {
    if (text === '') return
    const last = this.#pending || this.#text
    this.#bytes += Buffer.byteLength(text) - (isSplit(last, text) ? 2 : 0)
    if (this.#bytes > maxBytes) throw new Error(`A stream of text has at most ${maxBytes} bytes.`)
    this.#pending += text
    if (this.#pending.length >= pieceUnits) this.#pace.now()
    else this.#pace.soon()
  }

  /** Tells the rest, and answers the whole text. */
  finish(): string {
    this.#tellPending(this.#pending.length)
    return this.#text
  }

  /** Tells nothing more. */
  close(): void {
    this.#pace.stop()
    this.#again.stop()
    this.#stopReminder()
    this.#stopListening()
  }

  #tell(): void {
    this.#tellAgain()
    this.#tellPending(wholeLength(this.#pending))
  }

  #tellPending(length: number): void {
    const text = this.#pending.slice(0, length)
    this.#pending = this.#pending.slice(length)
    this.#tellWritten(this.#text.length, text)
    this.#text += text
  }

  #tellAgain(): void {
    const from = this.#wantedFrom
    this.#wantedFrom = undefined
    if (from !== undefined) this.#tellWritten(from, this.#text.slice(from))
  }

  #tellWhole(): void {
    this.#tellBegun()
    this.#tellWritten(0, this.#text)
  }

  #tellBegun(): void {
    const { run, eventId, targetType } = this.#options
    const { assistant, id } = run
    this.#send({
      changed: 'stream.begun',
      event_id: eventId,
      run_id: id,
      target_type: targetType,
      author: assistant,
    })
  }

  #tellWritten(offset: number, text: string): void {
    let at = offset
    for (const piece of cut(text, pieceUnits)) {
      this.#send({ changed: 'stream.written', event_id: this.#options.eventId, offset: at, text: piece })
      at += piece.length
    }
  }

  #remind(): void {
    this.#stopReminder = this.#deps.ground.clock.after(reminderMs, () => {
      const offset = this.#text.length
      this.#send({ changed: 'stream.written', event_id: this.#options.eventId, offset, text: '' })
      this.#remind()
    })
  }

  #heard(payload: string): void {
    // WHY: its own words come here as well, and are not worth reading.
    if (!payload.startsWith('{"changed":"stream.wanted"')) return
    const { have } = JSON.parse(payload) as StreamWanted
    const from = have[this.#options.eventId]
    if (from === undefined) this.#again.soon()
    else if (from < this.#text.length) {
      this.#wantedFrom = Math.min(from, this.#wantedFrom ?? from)
      this.#pace.soon()
    }
  }

  #send(word: StreamWord): void {
    tellChanged(this.#deps, this.#options.run.threadId, word)
  }
}
