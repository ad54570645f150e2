const padding = 'x'.repeat(80)

/** The text of a piece of an answer: its number, when it was written in milliseconds since 1970, and some more. */
export const chunkText = (n: number): string =>
  `${n} ${(performance.timeOrigin + performance.now()).toFixed(3)} ${padding}`

/** What `chunkText` put into a text. */
export function readChunk(text: string): { n: number; at: number } {
  const [n, at] = text.split(' ', 2)
  return { n: Number(n), at: Number(at) }
}
