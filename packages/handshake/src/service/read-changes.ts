import { handshakeErrors } from '../errors.js'
import { type Change, type DiffAnswer, parseSince } from '../protocol/index.js'
import { actorOf, openForAgent } from './access.js'
import type { Caller } from './caller.js'
import type { HandshakeDeps } from './deps.js'
import type { ChangeRecord } from './events.js'

export type DiffQuery = { since?: string; sinceSeq?: string }

/** Reads what changed, oldest first (contract 3.4). */
export async function readChanges(
  deps: HandshakeDeps,
  caller: Caller,
  id: string,
  { since = '', sinceSeq }: DiffQuery,
): Promise<DiffAnswer> {
  const state = await openForAgent(deps, caller, id, { route: 'diff', rate: 'agent', isForPage: true })
  const { changes, truncated } = select(state.changes, { since, sinceSeq }, deps.options.limits.recentChanges)
  deps.audit.note(id, 'diff.read', actorOf(state, caller))
  const nextSince = changes.at(-1)?.at ?? state.changes.at(-1)?.at ?? since
  return { sessionId: id, since, changes: changes as Change[], nextSince, truncated }
}

type Selection = { changes: ChangeRecord[]; truncated: boolean }

function select(
  kept: readonly ChangeRecord[],
  { since = '', sinceSeq }: DiffQuery,
  recent: number,
): Selection {
  const firstKept = kept[0]?.seq ?? 1
  if (sinceSeq) {
    const seq = toSeq(sinceSeq)
    return { changes: kept.filter((change) => change.seq > seq), truncated: firstKept > seq + 1 }
  }
  if (since === '') return newest(kept, recent)
  const instant = parseSince(since)
  if (instant === undefined) throw handshakeErrors.sinceInvalid()
  const at = (change: ChangeRecord) => parseSince(change.at) ?? 0
  const isCut = firstKept > 1 && at(kept[0]!) > instant
  return { changes: kept.filter((change) => at(change) > instant), truncated: isCut }
}

function newest(kept: readonly ChangeRecord[], recent: number): Selection {
  const changes = kept.slice(Math.max(0, kept.length - recent))
  return { changes, truncated: (changes[0]?.seq ?? 1) > 1 }
}

function toSeq(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw handshakeErrors.sinceSeqInvalid()
  return Number(text)
}
