import type { Readable } from 'node:stream'
import { LineSplitter } from './lines.js'

/** The longest line an agent may write (section 9). */
const maxLineBytes = 10 * 1024 * 1024

export type ReadOptions = {
  onLine(line: string): void
  onTooLong(): void
  /** A promise while no more may be read. */
  room(): Promise<void> | undefined
  /** Ends the reading, also while there is no room. */
  signal: AbortSignal
}

/** Reads lines until the stream ends, never more than there is room for. Never rejects. */
export async function readLines(stream: Readable, options: ReadOptions): Promise<void> {
  const stopped = new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve()))
  const onAbort = () => stream.destroy()
  options.signal.addEventListener('abort', onAbort)
  try {
    await readAll(stream, options, stopped)
  } catch {
    // The pipe broke; its other end tells why.
  } finally {
    options.signal.removeEventListener('abort', onAbort)
  }
}

async function readAll(stream: Readable, options: ReadOptions, stopped: Promise<void>): Promise<void> {
  const lines = new LineSplitter(maxLineBytes, options.onTooLong)
  for await (const piece of stream) {
    for (const line of lines.push(piece)) {
      options.onLine(line)
      for (let wait = options.room(); wait; wait = options.room()) {
        await Promise.race([wait, stopped])
        if (options.signal.aborted) return
      }
    }
    if (options.signal.aborted) return
  }
  const rest = lines.rest()
  if (rest) options.onLine(rest)
}
