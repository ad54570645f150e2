// What happens on a host, numbered and on disk until the server has it (section 13.5).
import type { Clock, Ids, Stop } from '@parley/kernel/ids'
import { linkLimits, type SpoolPosition } from '../../protocol/index.js'
import { isoTexts } from '../iso-time.js'
import type { HostEvent } from '../port.js'
import { createDiskReader } from './disk-reader.js'
import { eventText } from './event-text.js'
import { createFullness } from './fullness.js'
import { createGroupWriter } from './group-writer.js'
import { moveToNewEpoch } from './new-epoch.js'
import { writeAcked } from './position-files.js'
import { createRecent } from './recent.js'
import type { SpoolRecord } from './record.js'
import { recover } from './recover.js'

export type SpoolOptions = {
  /** Made (mode 0700) when it is missing. Belongs to one process: the caller holds the lock. */
  directory: string
  clock: Clock
  ids: Ids
  /** Told once when it can't be written; nothing is kept after that. */
  onFailure(error: unknown): void
  /** Default 4 MiB. */
  segmentBytes?: number
  /** Default 256 MiB; at least four segments. */
  limitBytes?: number
  /** How much of the newest is kept in memory too. Default 4 MiB. */
  recentBytes?: number
}

/** Reads on from a position. Belongs to one epoch. */
export interface SpoolReader {
  /** The next records that are on disk, about `maxBytes` of them; empty when there is none yet. */
  next(maxBytes: number): Promise<readonly SpoolRecord[]>
}

export interface Spool {
  readonly epoch: string
  /** The last number on disk. */
  readonly n: number
  /** The oldest number that is kept; `n + 1` when none is. */
  readonly oldest: number
  /** The last number that the server acknowledged, as far as this spool knows. */
  readonly acked: number
  /** Numbers an event and writes it, in the order of the calls. Never throws. */
  append(event: HostEvent): void
  /** Resolves when everything appended so far is on disk; rejects when that failed. */
  synced(): Promise<void>
  /** Undefined while there is room; else resolves when there is. Appending works all the same. */
  room(): Promise<void> | undefined
  /** Everything up to `n` is the server's: may be deleted. */
  ack(position: SpoolPosition): void
  /** Records after `n`. */
  read(n: number): SpoolReader
  /** Told whenever there is more on disk. */
  onSynced(listener: () => void): Stop
  /** Numbers everything that was not acknowledged anew, under a new epoch. Earlier readers end. */
  startEpoch(): Promise<void>
  /** Writes what is left. Calling it again is harmless. */
  close(): Promise<void>
}

const ackedEveryMs = 1_000
// Appended and not on disk: a disk that hangs must not fill the memory.
const maxWaitingEvents = 10_000

/** Opens the spool of a host, whatever state an earlier one left it in. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const {
    directory,
    clock,
    ids,
    segmentBytes = 4 * 1024 * 1024,
    limitBytes = linkLimits.spoolBytes,
  } = options
  if (limitBytes < 4 * segmentBytes) throw new RangeError('A spool has room for at least four segments.')
  const newEpoch = () => ids.hex(12)
  const recovered = await recover({ directory, segmentBytes, newEpoch })
  let { writer, acked } = recovered
  // Behind the writer's own while a long batch is being written.
  let { n } = writer
  const recent = createRecent(options.recentBytes ?? segmentBytes)
  /** Characters that were appended and are not written yet: they take their room already. */
  let waitingChars = 0
  const listeners = new Set<() => void>()
  let stopAckTimer: Stop | undefined
  let closed: Promise<void> | undefined

  const texts = createGroupWriter<string>({
    write: async (rests) => {
      recent.add(await writer.append(rests))
      waitingChars -= rests.reduce((sum, rest) => sum + rest.length, 0)
      n = writer.n
      fullness.update()
      for (const listener of listeners) listener()
    },
    onFailure: options.onFailure,
  })
  const fullness = createFullness({
    isFull: () => writer.bytes + waitingChars >= limitBytes || texts.waiting >= maxWaitingEvents,
    usedShare: () => writer.bytes / limitBytes,
    onNearlyFull: () => append({ type: 'error', data: { message: 'spool nearly full' } }),
  })
  const toIso = isoTexts()
  const append = (event: HostEvent) => {
    // What still comes from agents that are ending has no place any more.
    if (closed) return
    const text = eventText(event, toIso(clock.now()))
    waitingChars += text.length
    texts.push(text)
  }
  const saveAcked = () => writeAcked(directory, { epoch: writer.epoch, n: acked })
  const noteAcked = () => {
    stopAckTimer ??= clock.after(ackedEveryMs, () => {
      stopAckTimer = undefined
      void texts.between(saveAcked).catch(() => {})
    })
  }

  const close = async () => {
    stopAckTimer?.()
    await texts.written().catch(() => {})
    await texts.between(async () => {
      await saveAcked()
      await writer.close()
    })
  }

  if (recovered.damage !== undefined)
    append({ type: 'error', data: { message: `spool damaged: ${recovered.damage}` } })

  return {
    get epoch() {
      return writer.epoch
    },
    get n() {
      return n
    },
    get oldest() {
      return writer.oldest
    },
    get acked() {
      return acked
    },
    append,
    synced: () => texts.written(),
    room: () => fullness.room(),
    ack: (position) => {
      if (position.epoch !== writer.epoch || position.n <= acked) return
      acked = Math.min(position.n, n)
      noteAcked()
      void texts.between(() => writer.drop(acked)).then(fullness.update, options.onFailure)
    },
    read: (after) => {
      const epoch = writer.epoch
      const disk = createDiskReader()
      let at = after
      return {
        next: async (maxBytes) => {
          if (epoch !== writer.epoch) return []
          // Not past `n`: what a link was sent and its next hello does not know yet would look like another spool's.
          const records = recent.after(at, maxBytes) ?? (await disk.read(writer.segments(), at, maxBytes, n))
          at = records.at(-1)?.n ?? at
          return records
        },
      }
    },
    onSynced: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    startEpoch: () =>
      texts.between(async () => {
        const from = [...writer.segments()]
        const old = writer
        writer = await moveToNewEpoch({ directory, segmentBytes, epoch: newEpoch(), from, after: acked })
        n = writer.n
        acked = 0
        recent.clear()
        await old.close()
        fullness.update()
      }),
    close: () => {
      closed ??= close()
      return closed
    },
  }
}
