// Moves the events of a spool that are not acknowledged into a new epoch, numbered from 1.
import { restOf } from './frame-text.js'
import { writeEpoch } from './position-files.js'
import { removeSegments, type Segment, scanSegment } from './segment-file.js'
import { openSegmentWriter, type SegmentWriter } from './segment-writer.js'

export type NewEpochOptions = {
  directory: string
  epoch: string
  segmentBytes: number
  /** Segments of the old epoch. What can't be read in them is left out. */
  from: readonly Segment[]
  /** Events up to here are left out. */
  after: number
}

/** After a crash in the middle the old epoch is still whole; `recover` clears the rest away. */
export async function moveToNewEpoch(options: NewEpochOptions): Promise<SegmentWriter> {
  const { directory, epoch, segmentBytes, from, after } = options
  const writer = await openSegmentWriter({ directory, epoch, segmentBytes })
  for (const segment of from) {
    const { records } = await scanSegment(segment)
    const left = records.filter(({ n }) => n > after)
    await writer.append(left.map(({ n, frame }) => restOf(segment.epoch, n, frame)))
  }
  await writeEpoch(directory, epoch)
  await removeSegments(from)
  return writer
}
