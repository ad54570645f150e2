import type { Readable } from 'node:stream'

/** Reads a body up to a number of bytes, and ends it there. */
export async function readAtMost(
  body: Readable,
  maxBytes: number,
): Promise<{ body: Uint8Array; isTruncated: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop early destroys the stream.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > maxBytes) break
  }
  return { body: Buffer.concat(chunks).subarray(0, maxBytes), isTruncated: bytes > maxBytes }
}
