import type { Readable } from 'node:stream'

/** Reads a body up to a number of bytes, and ends it there. With 0 it is not begun. */
export async function readAtMost(
  body: Readable,
  maxBytes: number,
): Promise<{ body: Uint8Array; isTruncated: boolean }> {
  if (maxBytes === 0) {
    body.destroy()
    return { body: new Uint8Array(0), isTruncated: true }
  }
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
