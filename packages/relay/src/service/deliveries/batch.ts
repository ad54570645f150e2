import { limits } from '../../protocol/index.js'
import type { EntryRow, InstanceKey } from '../../store/port.js'
import type { RelayDeps } from '../deps.js'
import type { Recent } from './recent.js'

/** An entry with the text of its frame; without one when its event is not there any more. */
export type Pending = { entry: EntryRow; text: string | undefined }

export type Batch = {
  pending: Pending[]
  /** Sent as often as it may be: to be forgotten. */
  worn: EntryRow[]
  /** Everything up to here was looked at. */
  upTo: number
}

const entriesAtOnce = 64
const bytesAtOnce = 1024 * 1024

export type Asked = {
  key: InstanceKey
  stream: string
  /** Position of the last one that was dealt with. */
  after: number
  /** Most entries of the kind that is to be acknowledged. */
  room: number
  recent: Recent
}

/** The next entries in order, a bounded number of bytes; undefined when there are none. */
export async function readBatch(deps: RelayDeps, asked: Asked): Promise<Batch | undefined> {
  const { key, after, room } = asked
  const limit = Math.min(entriesAtOnce, room * 2)
  const entries = await deps.store.entries.list(key, { after, limit })
  const first = entries[0]
  if (!first) return undefined
  const run = nextRun(entries, first, room)
  const now = deps.ground.clock.micros()
  const upTo = run.at(-1)?.position ?? after
  const fresh = run.filter((entry) => entry.expiresAt > now && !isWorn(entry))
  return { pending: await withTexts(deps, asked, fresh), worn: run.filter(isWorn), upTo }
}

/** Entries whose events follow each other: settled ones in between are not read again. */
function nextRun(entries: readonly EntryRow[], first: EntryRow, room: number): EntryRow[] {
  const run: EntryRow[] = []
  let [bytes, gated] = [0, 0]
  for (const entry of entries) {
    bytes += entry.bytes
    if (entry.kind === 'inbound') gated += 1
    const isNext = entry.position === first.position + run.length
    if (run.length > 0 && (!isNext || bytes > bytesAtOnce || gated > room)) break
    run.push(entry)
  }
  return run
}

// Many gateways never acknowledge a forward (7.3).
const isWorn = ({ kind, deliveries }: EntryRow): boolean =>
  kind === 'passthrough' && deliveries > limits.passthroughRedeliveries

async function withTexts(
  { ground }: RelayDeps,
  { stream, recent }: Asked,
  entries: readonly EntryRow[],
): Promise<Pending[]> {
  const known = entries.map((entry) => ({ entry, text: recent.find(entry.bufferId) }))
  if (known.every(({ text }) => text !== undefined)) return known
  const [first, last] = [entries[0], entries.at(-1)]
  if (!first || !last) return []
  const options = { after: first.position - 1, limit: last.position - first.position + 1 }
  const { events } = await ground.log.read(stream, options)
  const texts = new Map(events.map(({ id, body }) => [id, body]))
  return entries.map((entry) => ({ entry, text: texts.get(entry.bufferId) }))
}
