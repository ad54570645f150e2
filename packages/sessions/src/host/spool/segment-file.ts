// Segment files by name and as bytes: `<epoch>.<number of its first record>.seg`.
import { type FileHandle, open, readdir, readFile, truncate, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeRecord, type SpoolRecord } from './record.js'

/** `last` is `first - 1` while it is empty. */
export type Segment = { path: string; epoch: string; first: number; last: number; bytes: number }

const namePattern = /^([0-9a-f]{8,64})\.(\d{16})\.seg$/

/** An empty segment that is not on disk yet. */
export function newSegment(directory: string, epoch: string, first: number): Segment {
  const name = `${epoch}.${String(first).padStart(16, '0')}.seg`
  return { path: join(directory, name), epoch, first, last: first - 1, bytes: 0 }
}

/** All segments in a directory, of every epoch, in order; their content is not looked at. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const found = (await readdir(directory)).sort().map((name) => namePattern.exec(name))
  return found.flatMap((match) => {
    const [, epoch, first] = match ?? []
    return epoch && first ? [newSegment(directory, epoch, Number(first))] : []
  })
}

/** What a segment holds up to its first broken place. */
export type Scan = { records: SpoolRecord[]; last: number; bytes: number; isWhole: boolean }

/** Reads a segment and checks every record: checksum, and numbers without gaps. */
export async function scanSegment({ path, first }: Segment): Promise<Scan> {
  const content = await readFile(path)
  const records: SpoolRecord[] = []
  let at = 0
  for (let next = decodeRecord(content, 0); next; next = decodeRecord(content, at)) {
    if (next.record.n !== first + records.length) break
    records.push(next.record)
    at = next.end
  }
  return { records, last: first + records.length - 1, bytes: at, isWhole: at === content.length }
}

/** Cuts off what was being written when the host ended. */
export async function cutSegment(path: string, bytes: number): Promise<void> {
  await truncate(path, bytes)
  await syncPath(path)
}

/** Makes names that were added to or taken from a directory durable; also the content of a file. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export async function removeSegments(segments: readonly Segment[]): Promise<void> {
  for (const { path } of segments) await unlink(path)
}

/** Writes all bytes at a place of a file. A short write is continued. */
export async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
