import { relayErrors } from '../../errors.js'
import { limits } from '../../protocol/index.js'

/** Bytes of one row. */
const chunkBytes = 262_144

/** Cuts bytes, as they come, into pieces of 256 KiB; only the last is shorter. */
export async function* cutChunks(
  bytes: AsyncIterable<Uint8Array> | Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunk = new Uint8Array(chunkBytes)
  let filled = 0
  for await (const piece of bytes instanceof Uint8Array ? [bytes] : bytes) {
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + chunkBytes - filled)
      chunk.set(part, filled)
      from += part.length
      filled += part.length
      if (filled < chunkBytes) continue
      yield chunk.slice()
      filled = 0
    }
  }
  if (filled > 0) yield chunk.slice(0, filled)
}

/** How many pieces a file has. */
export const countChunks = (size: number): number => Math.ceil(size / chunkBytes)

/** Puts a whole file together again. */
export async function joinChunks(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  if (size > limits.mediaBytes) throw relayErrors.mediaTooLarge()
  const whole = new Uint8Array(size)
  let at = 0
  for await (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
