const newline = 0x0a

/** Splits bytes into lines. A line of more than `maxBytes` is left out. */
export class LineSplitter {
  readonly #maxBytes: number
  readonly #onTooLong: () => void
  #parts: Buffer[] = []
  #bytes = 0

  constructor(maxBytes: number, onTooLong: () => void) {
    this.#maxBytes = maxBytes
    this.#onTooLong = onTooLong
  }

  /** The lines that end in this piece, without their ends. */
  *push(piece: Buffer): Generator<string> {
    let from = 0
    for (let to = piece.indexOf(newline); to !== -1; to = piece.indexOf(newline, from)) {
      this.#add(piece.subarray(from, to))
      from = to + 1
      const line = this.#take()
      if (line !== undefined) yield line
    }
    this.#add(piece.subarray(from))
  }

  /** What came after the last line's end; empty when nothing did. */
  rest(): string {
    return this.#take() ?? ''
  }

  #add(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes > this.#maxBytes) this.#parts = []
    else if (part.length > 0) this.#parts.push(part)
  }

  #take(): string | undefined {
    const isTooLong = this.#bytes > this.#maxBytes
    const [first, ...more] = this.#parts
    // Most lines come in one piece.
    const bytes = more.length === 0 ? first : Buffer.concat(this.#parts)
    const text = isTooLong ? undefined : (bytes?.toString('utf8') ?? '')
    this.#parts = []
    this.#bytes = 0
    if (isTooLong) this.#onTooLong()
    return text
  }
}
