const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff

/** True when the last unit of `left` and the first one of `right` are one character. */
export const isSplit = (left: string, right: string): boolean =>
  isHigh(left.charCodeAt(left.length - 1)) && isLow(right.charCodeAt(0))

/** How much of a text, of which more may come, can be told: all of it, or all but the first half of a character. */
export const wholeLength = (text: string): number =>
  isHigh(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length

/** Cuts a text into pieces of at most `maxUnits` (at least 2), none of which ends within a character. */
export function cut(text: string, maxUnits: number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const piece = text.slice(at, at + maxUnits)
    const length = at + piece.length < text.length ? wholeLength(piece) : piece.length
    pieces.push(piece.slice(0, length))
    at += length
  }
  return pieces
}
