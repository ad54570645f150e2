import type { FileHandle } from 'node:fs/promises'

export type Line = { number: number; text: string } | { number: number; isTooLong: true }

/** The lines of a file; of a longer one than `maxBytes` nothing is kept but its number. */
export async function* linesOf(file: FileHandle, maxBytes: number): AsyncGenerator<Line> {
  let [number, bytes] = [1, 0]
  let parts: Buffer[] = []
  const take = (part: Buffer) => {
    bytes += part.length
    if (bytes > maxBytes) parts = []
    else parts.push(part)
  }
  const end = (): Line => {
    const line =
      bytes > maxBytes
        ? { number, isTooLong: true as const }
        : { number, text: Buffer.concat(parts).toString('utf8') }
    number++
    bytes = 0
    parts = []
    return line
  }
  // The cast: without an encoding a stream reads buffers.
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, at))
      from = at + 1
      yield end()
    }
    take(chunk.subarray(from))
  }
  if (bytes > 0) yield end()
}
