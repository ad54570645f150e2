import type { Clock } from '@parley/kernel/ids'

const maxBytes = 4_096
const windowMs = 10

/** Gathers output so that it leaves in pieces of at most 4,096 bytes, at most one small one in 10 ms. */
export type Coalescer = {
  push(text: string): void
  /** Sends what waits. */
  flush(): void
  close(): void
}

/** `send` gets whole characters. What comes after a silence is sent at once: somebody types. */
export function createCoalescer(clock: Clock, send: (text: string) => void): Coalescer {
  let waiting = ''
  let bytes = 0
  let stopTimer: (() => void) | undefined
  const flush = () => {
    if (bytes === 0) return
    const text = waiting
    waiting = ''
    bytes = 0
    send(text)
  }
  const onTime = () => {
    stopTimer = undefined
    if (bytes > 0) openWindow()
    flush()
  }
  const openWindow = () => {
    stopTimer = clock.after(windowMs, onTime)
  }
  return {
    push: (text) => {
      for (const piece of pieces(text)) {
        const size = Buffer.byteLength(piece)
        if (bytes + size > maxBytes) flush()
        waiting += piece
        bytes += size
      }
      if (bytes === maxBytes) flush()
      if (stopTimer) return
      openWindow()
      flush()
    },
    flush,
    close: () => stopTimer?.(),
  }
}

function pieces(text: string): string[] {
  return text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes ? [text] : [...split(text)]
}

function* split(text: string): Generator<string> {
  const all = Buffer.from(text)
  for (let from = 0; from < all.length; ) {
    const to = characterStart(all, Math.min(from + maxBytes, all.length))
    yield all.toString('utf8', from, to)
    from = to
  }
}

/** The greatest position up to `at` where a character of UTF-8 begins, or the end. */
export function characterStart(bytes: Uint8Array, at: number): number {
  let position = at
  while (position > 0 && position < bytes.length && ((bytes[position] ?? 0) & 0xc0) === 0x80) position--
  return position
}
