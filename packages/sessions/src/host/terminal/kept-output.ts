import { characterStart } from './coalescer.js'

/** The newest output of a command, at most `limit` bytes of UTF-8, cut where a character begins. */
export type KeptOutput = {
  add(text: string): void
  read(): { output: string; truncated: boolean }
}

export function keepOutput(limit: number): KeptOutput {
  let chunks: Buffer[] = []
  let bytes = 0
  let truncated = false
  const shorten = () => {
    const all = Buffer.concat(chunks)
    const cut = all.length > limit ? all.subarray(afterCharacter(all, all.length - limit)) : all
    truncated ||= cut.length < all.length
    chunks = [cut]
    bytes = cut.length
  }
  return {
    add: (text) => {
      const more = Buffer.from(text)
      chunks.push(more)
      bytes += more.length
      // Not at every chunk: shortening copies all that is kept.
      if (bytes > limit * 2 + 4_096) shorten()
    },
    read: () => {
      shorten()
      return { output: chunks[0]?.toString('utf8') ?? '', truncated }
    },
  }
}

/** The first position from `at` on where a character begins. */
function afterCharacter(bytes: Uint8Array, at: number): number {
  let position = at
  while (position < bytes.length && characterStart(bytes, position) !== position) position++
  return position
}
