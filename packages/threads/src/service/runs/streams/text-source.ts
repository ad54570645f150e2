import type { TextStream } from '../handler.js'

/** Text to be read piece by piece, whatever it comes from. */
export type TextSource = {
  /** The next piece; undefined at the end. Rejects when the source fails, or gives what is not a string. */
  next(): Promise<string | undefined>
  /** Tells the source that nobody reads on, unless it is over. Does not wait for it. */
  close(): void
}

/** True for what `openText` takes. */
export function isTextStream(value: unknown): value is TextStream {
  return typeof value === 'object' && value !== null && (isReadable(value) || Symbol.asyncIterator in value)
}

/** Begins to read. Throws when a web stream is being read by somebody else. */
export function openText(stream: TextStream): TextSource {
  const { read, cancel } = isReadable(stream) ? fromReadable(stream) : fromIterable(stream)
  let isOver = false
  return {
    next: async () => {
      const { done, value } = await read().catch((error: unknown) => {
        isOver = true
        throw error
      })
      if (done) {
        isOver = true
        return undefined
      }
      if (typeof value !== 'string') throw new Error('A stream of text may only give strings.')
      return value
    },
    close: () => {
      if (isOver) return
      isOver = true
      cancel().catch(() => undefined)
    },
  }
}

type Readable = Extract<TextStream, { getReader: unknown }>
type Iterable = Extract<TextStream, AsyncIterable<string>>

/** `value` is what the source gives: a promise of a string, which a source may break. */
type Reads = { read(): Promise<{ done?: boolean; value?: unknown }>; cancel(): Promise<unknown> }

// WHY: first of the two. A reader can be cancelled while it waits; an iterator that waits hears of nothing.
const isReadable = (value: object): value is Readable =>
  'getReader' in value && typeof value.getReader === 'function'

function fromReadable(stream: Readable): Reads {
  const reader = stream.getReader()
  return { read: () => reader.read(), cancel: () => reader.cancel() }
}

function fromIterable(stream: Iterable): Reads {
  const iterator = stream[Symbol.asyncIterator]()
  // A hand-made iterator may throw instead of rejecting.
  return { read: async () => iterator.next(), cancel: async () => iterator.return?.() }
}
