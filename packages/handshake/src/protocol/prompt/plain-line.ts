/**
 * Makes one line of a text: every line break and control character, also the rare ones that other languages
 * split lines at, becomes a space. A value that went through here can't begin a line of its own.
 */
export function toLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
}

/** Splits a text at everything that some language takes for a line break. */
export function toLines(text: string): string[] {
  return text.split(/\r\n|(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/u)
}

/**
 * Marks each line of a text as a quotation. A quoted line is none that a prompt parser takes for a credential,
 * whatever it says.
 */
export function toQuote(text: string): string {
  return toLines(text)
    .map((line) => `> ${toLine(line)}`.trimEnd())
    .join('\n')
}
