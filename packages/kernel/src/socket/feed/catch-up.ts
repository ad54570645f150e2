import { Batch } from '../batch.js'
import type { PreparedFrame } from '../prepared-frame.js'
import type { Entry } from './entry.js'
import type { Member } from './member.js'
import type { EntryPage } from './pages.js'

/** What a member's way to the live frames needs of its stream. */
export type CatchUpSource<Audience> = {
  /** The next page after a cursor. `isFirst`: read the log itself, not what this node remembers. */
  page(after: number, isFirst: boolean): Promise<EntryPage<Audience>>
  historyGone(member: Member<Audience>, first: number): void
  /** False when there is more to send first. */
  goLive(member: Member<Audience>): boolean
}

/** Bytes written before the socket is looked at again. */
const sliceBytes = 256 * 1024

/** Sends a member the events after its cursor, no faster than its socket takes them, until it is live or stopped. */
export async function catchUp<Audience>(
  member: Member<Audience>,
  source: CatchUpSource<Audience>,
): Promise<void> {
  for (let isFirst = !member.isCaughtUp; await hasRoom(member); isFirst = false) {
    const page = await source.page(member.cursor, isFirst)
    if (!isCatching(member)) return
    placeCursor(member, page, source)
    await writeEntries(member, page.entries)
    if (isCatching(member) && member.cursor >= page.head && source.goLive(member)) return
  }
}

type Place = Pick<Member<unknown>, 'state' | 'connection'>

/** Waits for the socket; false when the member needs nothing more. */
async function hasRoom(member: Place): Promise<boolean> {
  while (isCatching(member) && member.connection.isCongested) await member.connection.drained()
  return isCatching(member)
}

const isCatching = (member: Place): boolean => member.state === 'catching' && member.connection.isOpen

function placeCursor<Audience>(
  member: Member<Audience>,
  { head, first }: EntryPage<Audience>,
  source: CatchUpSource<Audience>,
): void {
  // A cursor from the future (a restored backup, a client's mistake) would hide what comes next.
  if (member.cursor > head) member.cursor = head
  if (first <= member.cursor + 1) return
  member.cursor = first - 1
  source.historyGone(member, first)
}

async function writeEntries<Audience>(
  member: Member<Audience>,
  entries: readonly Entry<Audience>[],
): Promise<void> {
  let frames: PreparedFrame[] = []
  let bytes = 0
  const write = () => {
    if (frames.length > 0) member.connection.lane.write(new Batch(frames))
    frames = []
    bytes = 0
  }
  for (const entry of entries) {
    if (entry.seq <= member.cursor) continue
    const frame = entry.frameFor(member.audience)
    if (frame) {
      frames.push(frame)
      bytes += frame.bytes.length
    }
    member.cursor = entry.seq
    if (bytes < sliceBytes) continue
    write()
    if (!(await hasRoom(member))) return
  }
  write()
}
