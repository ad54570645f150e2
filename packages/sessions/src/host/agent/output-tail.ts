/** The last characters that a program wrote. */
export class OutputTail {
  readonly #maxChars: number
  #text = ''

  constructor(maxChars: number) {
    this.#maxChars = maxChars
  }

  add(text: string): void {
    this.#text = (this.#text + text.slice(-this.#maxChars)).slice(-this.#maxChars)
  }

  get text(): string {
    return this.#text.trim()
  }
}
