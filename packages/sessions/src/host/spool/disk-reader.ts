// Reads records back from segment files, a piece at a time.
import { open, readFile } from 'node:fs/promises'
import { linkLimits } from '../../protocol/index.js'
import { decodeRecord, recordHeaderBytes, type SpoolRecord } from './record.js'
import type { Segment } from './segment-file.js'

/** Remembers where in which file the next record begins. */
export interface DiskReader {
  /**
   * Records after `n` and up to `upTo` that are in `segments`, about `maxBytes` of them (at least one unless there is none).
   * Numbers that were deleted are passed over. Throws when a record can't be read.
   */
  read(segments: readonly Segment[], n: number, maxBytes: number, upTo: number): Promise<SpoolRecord[]>
}

type Place = { path: string; n: number; offset: number }

export function createDiskReader(): DiskReader {
  let place: Place | undefined
  return {
    read: async (segments, n, maxBytes, upTo) => {
      const segment = segments.find(({ last }) => last > n)
      const after = segment && Math.max(n, segment.first - 1)
      if (!segment || after === undefined || after >= upTo) return []
      const isKnown = place?.path === segment.path && place.n === after
      const offset = isKnown && place ? place.offset : await offsetAfter(segment, after)
      const bytes = await readPiece(segment, offset, maxBytes)
      const { records, end } = decodeAll(bytes, Math.min(segment.last, upTo))
      if (records.length === 0)
        throw new Error(`The record after ${after} in ${segment.path} can not be read.`)
      place = { path: segment.path, n: records.at(-1)!.n, offset: offset + end }
      return records
    },
  }
}

async function offsetAfter({ path, first }: Segment, n: number): Promise<number> {
  if (n < first) return 0
  const content = await readFile(path)
  let at = 0
  for (let next = decodeRecord(content, 0); next; next = decodeRecord(content, at)) {
    at = next.end
    if (next.record.n === n) return at
  }
  throw new Error(`The record ${n} in ${path} can not be read.`)
}

/** At least one whole record. What is written at this moment, behind `bytes`, is left alone. */
async function readPiece({ path, bytes }: Segment, offset: number, maxBytes: number): Promise<Buffer> {
  const most = Math.max(maxBytes, linkLimits.frameBytes + recordHeaderBytes)
  const piece = Buffer.allocUnsafe(Math.min(bytes - offset, most))
  const handle = await open(path, 'r')
  try {
    const { bytesRead } = await handle.read(piece, 0, piece.length, offset)
    return piece.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

function decodeAll(bytes: Buffer, last: number): { records: SpoolRecord[]; end: number } {
  const records: SpoolRecord[] = []
  let end = 0
  for (let next = decodeRecord(bytes, 0); next && next.record.n <= last; next = decodeRecord(bytes, end)) {
    records.push(next.record)
    end = next.end
  }
  return { records, end }
}
