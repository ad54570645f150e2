// Writes records into segment files. One call at a time: whoever owns it sees to that.
import { type FileHandle, open } from 'node:fs/promises'
import { toFrame } from './frame-text.js'
import { encodeRecords, recordBytes, type SpoolRecord } from './record.js'
import { newSegment, removeSegments, type Segment, syncPath, writeAll } from './segment-file.js'

export type SegmentWriterOptions = {
  directory: string
  epoch: string
  /** A new segment begins when one has at least this much. */
  segmentBytes: number
  /** What is on disk already, in order; default: nothing, then the first record gets the number 1. */
  segments?: readonly Segment[]
}

export interface SegmentWriter {
  readonly epoch: string
  /** The last number that is on disk. */
  readonly n: number
  /** The oldest number that is kept; `n + 1` when none is. */
  readonly oldest: number
  readonly bytes: number
  segments(): readonly Segment[]
  /** Numbers the events, writes them and syncs; resolves with their records. */
  append(rests: readonly (string | Buffer)[]): Promise<SpoolRecord[]>
  /** Deletes segments that hold nothing after `n`, except the newest, which also keeps the count. */
  drop(n: number): Promise<void>
  close(): Promise<void>
}

// Events of one write. More would make one fsync long and hold their bytes twice.
const maxWriteBytes = 1024 * 1024

export async function openSegmentWriter(options: SegmentWriterOptions): Promise<SegmentWriter> {
  const { directory, epoch, segmentBytes } = options
  let segments: readonly Segment[] = options.segments ?? []
  let current = segments.at(-1) ?? (await begin(1))
  let handle: FileHandle = await open(current.path, 'r+')

  async function begin(first: number): Promise<Segment> {
    const segment = newSegment(directory, epoch, first)
    await (await open(segment.path, 'w', 0o600)).close()
    await syncPath(directory)
    segments = [...segments, segment]
    return segment
  }

  async function write(records: readonly SpoolRecord[]): Promise<void> {
    if (current.bytes >= segmentBytes) {
      const next = await begin(current.last + 1)
      await handle.close()
      current = next
      handle = await open(current.path, 'r+')
    }
    const bytes = encodeRecords(records)
    await writeAll(handle, bytes, current.bytes)
    await handle.datasync()
    current.bytes += bytes.length
    current.last += records.length
  }

  return {
    epoch,
    get n() {
      return current.last
    },
    get oldest() {
      return segments[0]?.first ?? current.last + 1
    },
    get bytes() {
      return segments.reduce((sum, segment) => sum + segment.bytes, 0)
    },
    segments: () => segments,
    append: async (rests) => {
      const first = current.last + 1
      const records = rests.map((rest, at) => ({ n: first + at, frame: toFrame(epoch, first + at, rest) }))
      for (const part of inParts(records, Math.min(segmentBytes, maxWriteBytes))) await write(part)
      return records
    },
    drop: async (n) => {
      const done = segments.filter((segment) => segment !== current && segment.last <= n)
      segments = segments.filter((segment) => !done.includes(segment))
      await removeSegments(done)
    },
    close: () => handle.close(),
  }
}

function* inParts(records: readonly SpoolRecord[], maxBytes: number): Generator<SpoolRecord[]> {
  let part: SpoolRecord[] = []
  let bytes = 0
  for (const record of records) {
    part.push(record)
    bytes += recordBytes(record)
    if (bytes < maxBytes) continue
    yield part
    part = []
    bytes = 0
  }
  if (part.length > 0) yield part
}
