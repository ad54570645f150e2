// Opens what an earlier host left behind.
import { mkdir } from 'node:fs/promises'
import { moveToNewEpoch } from './new-epoch.js'
import { readAcked, readEpoch, writeEpoch } from './position-files.js'
import { cutSegment, listSegments, removeSegments, type Segment, scanSegment } from './segment-file.js'
import { openSegmentWriter, type SegmentWriter } from './segment-writer.js'

export type RecoverOptions = { directory: string; segmentBytes: number; newEpoch(): string }

/** `damage`: why a new epoch was begun although there was a spool; events may be lost. */
export type Recovered = { writer: SegmentWriter; acked: number; damage?: string }

export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { directory, segmentBytes, newEpoch } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const found = await listSegments(directory)
  const epoch = await readEpoch(directory)
  if (epoch === undefined || found.every((segment) => segment.epoch !== epoch))
    return begin(options, epoch === undefined ? found : [])

  const own = found.filter((segment) => segment.epoch === epoch)
  // Left over from a move to another epoch that was cut off, before or after it counted.
  await removeSegments(found.filter((segment) => segment.epoch !== epoch))
  const acked = await readAcked(directory, epoch)
  const damage = await check(own)
  if (damage === undefined)
    return { writer: await openSegmentWriter({ directory, epoch, segmentBytes, segments: own }), acked }
  const moved = { directory, segmentBytes, epoch: newEpoch(), from: own, after: acked }
  return { writer: await moveToNewEpoch(moved), acked: 0, damage }
}

async function begin(
  { directory, segmentBytes, newEpoch }: RecoverOptions,
  from: Segment[],
): Promise<Recovered> {
  const epoch = newEpoch()
  if (from.length > 0) {
    const writer = await moveToNewEpoch({ directory, segmentBytes, epoch, from, after: 0 })
    return { writer, acked: 0, damage: 'the epoch of the spool is not known' }
  }
  // The epoch first: segments without one look like damage.
  await writeEpoch(directory, epoch)
  return { writer: await openSegmentWriter({ directory, epoch, segmentBytes }), acked: 0 }
}

/** Fills in what the segments hold; cuts a torn end off the newest. Says what is wrong with the others. */
async function check(segments: readonly Segment[]): Promise<string | undefined> {
  for (const [at, segment] of segments.entries()) {
    const before = segments[at - 1]
    if (before && before.last + 1 !== segment.first) return `events after ${before.last} are missing`
    const { last, bytes, isWhole } = await scanSegment(segment)
    segment.last = last
    segment.bytes = bytes
    if (isWhole) continue
    if (at < segments.length - 1) return `the record after ${last} can not be read`
    await cutSegment(segment.path, bytes)
  }
  return undefined
}
