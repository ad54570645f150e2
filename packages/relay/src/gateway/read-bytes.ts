import { RelayCallError } from './call-error.js'

/** The body of an answer, at most `maxBytes`; throws 413 for more, whatever its length said. */
export async function readBytes(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  // The cast: bodies of Node are async iterables, the types of browsers do not say so.
  for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw new RelayCallError(413, 'the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
