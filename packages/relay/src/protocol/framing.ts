// Newline-delimited JSON in text messages (contract 2.5).

import { isDeeperThan, isJsonObject, type JsonObject } from '@parley/kernel/wire'

export type FrameReaderOptions = {
  /** The longest line, in bytes of UTF-8. */
  maxBytes: number
  onFrame(frame: JsonObject): void
  /** A line that is no object of JSON, or nested too deeply. The connection lives on. */
  onMalformed(): void
}

export interface FrameReader {
  /** Takes one text message. False: a line is too long; then nothing is held and nothing read any more. */
  push(text: string): boolean
}

/** LIMIT: whoever handles a frame may walk it recursively. */
const maxDepth = 64
/** Pieces of one unfinished line that are kept apart before they are joined. */
const maxPieces = 512

const utf8 = new TextEncoder()

/** A frame may come in several messages, and several in one. */
export function createFrameReader({ maxBytes, onFrame, onMalformed }: FrameReaderOptions): FrameReader {
  let pieces: string[] = []
  let held = 0
  let isOver = false

  const keep = (piece: string): boolean => {
    held += utf8.encode(piece).length
    isOver = held > maxBytes
    // WHY: a line of a million one-byte messages would otherwise be a million strings.
    if (pieces.length >= maxPieces) pieces = [pieces.join('')]
    if (isOver) pieces = []
    else if (piece !== '') pieces.push(piece)
    return !isOver
  }

  const finish = (): void => {
    const line = pieces.join('')
    pieces = []
    held = 0
    readLine(line, onFrame, onMalformed)
  }

  return {
    push: (text) => {
      if (isOver) return false
      let from = 0
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
        if (!keep(text.slice(from, end))) return false
        finish()
        from = end + 1
      }
      return keep(text.slice(from))
    },
  }
}

function readLine(line: string, onFrame: (frame: JsonObject) => void, onMalformed: () => void): void {
  if (line.trim() === '') return
  const frame = parsed(line)
  if (frame) onFrame(frame)
  else onMalformed()
}

function parsed(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isJsonObject(value) && !isDeeperThan(value, maxDepth) ? value : undefined
  } catch {
    // Not JSON.
    return undefined
  }
}

/** A frame's text. The newline that ends it is added by whoever sends. */
export function frameText(frame: object): string {
  return JSON.stringify(frame)
}
