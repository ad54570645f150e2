// How long a text is for a platform, and where it may be cut.

/** `chars` are code points, `utf16` code units (contract 3). */
export type LenUnit = 'chars' | 'utf16'

export function textLength(text: string, unit: LenUnit): number {
  if (unit === 'utf16') return text.length
  let length = 0
  for (const _ of text) length++
  return length
}

/** The longest beginning of at most `max` units that ends with a whole character. */
export function cutText(text: string, max: number, unit: LenUnit): string {
  const end = reach(text, 0, max, unit)
  return end === text.length ? text : text.slice(0, wholeCharacter(text, 0, end))
}

/**
 * Pieces of at most `max` units (at least one code point), which together are the text. Ends a piece after a newline
 * or a space where there is one in its second half, else after a whole character.
 */
export function splitText(text: string, max: number, unit: LenUnit): string[] {
  const pieces: string[] = []
  for (let start = 0; start < text.length; ) {
    const end = pieceEnd(text, start, Math.max(1, Math.floor(max)), unit)
    pieces.push(text.slice(start, end))
    start = end
  }
  return pieces
}

function pieceEnd(text: string, start: number, max: number, unit: LenUnit): number {
  const end = reach(text, start, max, unit)
  if (end === text.length) return end
  const soft = softBreak(text, start, end) ?? wholeCharacter(text, start, end)
  // A character of several code points that is longer than a piece must be cut after all, a code point never.
  return soft > start ? soft : Math.max(end, start + codePointSize(text, start))
}

/** Where `max` units end that begin at `start`, never inside a code point. */
function reach(text: string, start: number, max: number, unit: LenUnit): number {
  let at = start
  for (let left = Math.floor(max); at < text.length; ) {
    const size = codePointSize(text, at)
    left -= unit === 'utf16' ? size : 1
    if (left < 0) break
    at += size
  }
  return at
}

const codePointSize = (text: string, at: number): number => (text.codePointAt(at)! > 0xffff ? 2 : 1)

function softBreak(text: string, start: number, end: number): number | undefined {
  const half = start + Math.floor((end - start) / 2)
  for (const gap of ['\n', ' ']) {
    const at = text.lastIndexOf(gap, end - 1) + 1
    if (at > half) return at
  }
  return undefined
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
/** LIMIT: the longest character that is kept together, in code units. */
const longestCharacter = 64

/** The last boundary between characters at or before `end`; `start` when there is none. */
function wholeCharacter(text: string, start: number, end: number): number {
  if (end <= start || end >= text.length) return Math.min(end, text.length)
  const from = Math.max(start, end - longestCharacter)
  const segment = characters.segment(text.slice(from, end + 2)).containing(end - from)
  const boundary = from + (segment?.index ?? end - from)
  return boundary > from || from === start ? boundary : end
}
