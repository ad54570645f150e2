// Walking a thread's log without holding more of it than is wanted: an event may be small or a megabyte.
import type { Log, StoredEvent } from '@parley/kernel/log'
import { streamOf } from './events.js'

/** Most characters of one page's events; a page has at least one event, whatever its size. */
export const pageChars = 4 * 1024 * 1024

/** Events of one read: nobody knows how large they are, and each may have a megabyte. */
const maxBatch = 64

type WalkOptions = {
  log: Log
  threadId: string
  /** How many events are likely to be taken. */
  wanted: number
}

type ForwardsOptions = WalkOptions & {
  after: number
  /** Told once where the log begins. */
  onFirst?(seq: number): void
}

/** Events after a number, oldest first, up to the newest. */
export async function* forwards(options: ForwardsOptions): AsyncGenerator<StoredEvent> {
  const { log, threadId, wanted, onFirst } = options
  const limit = Math.min(wanted, maxBatch)
  for (let after = options.after, isFirst = true; ; isFirst = false) {
    const { events, head, first } = await log.read(streamOf(threadId), { after, limit })
    if (isFirst) onFirst?.(first)
    yield* events
    const last = events.at(-1)
    if (!last || last.seq >= head) return
    after = last.seq
  }
}

/** Events before a number (default: all), newest first. */
export async function* backwards(options: WalkOptions & { before?: number }): AsyncGenerator<StoredEvent> {
  const { log, threadId, wanted } = options
  const limit = Math.min(wanted, maxBatch)
  for (let { before } = options; ; ) {
    const events = await log.last(streamOf(threadId), { limit, ...(before !== undefined && { before }) })
    yield* events.toReversed()
    if (events.length < limit) return
    before = events[0]!.seq
  }
}

/** What `take` took, and whether it left something. */
export type Taken = { events: StoredEvent[]; hasMore: boolean }

/** The first events of a walk: at most `most`, and about `maxChars` characters; at least one. */
export async function take(
  events: AsyncIterable<StoredEvent>,
  { most, maxChars = pageChars }: { most: number; maxChars?: number },
): Promise<Taken> {
  const taken: StoredEvent[] = []
  let chars = 0
  for await (const event of events) {
    chars += event.body.length
    if (taken.length === most || (taken.length > 0 && chars > maxChars))
      return { events: taken, hasMore: true }
    taken.push(event)
  }
  return { events: taken, hasMore: false }
}
