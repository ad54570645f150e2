// How far members have read (contract 9, read receipts).
import { threadsErrors } from '../errors.js'
import type { ReadMark, ReadUpdated } from '../protocol/index.js'
import type { Caller } from './caller.js'
import { tellChanged } from './changes.js'
import type { ThreadsDeps } from './deps.js'
import { streamOf } from './events.js'
import { enter } from './gate.js'

/**
 * Marks everything up to a number as read by the caller. Answers the mark that counts now: it never goes back, nor past
 * the newest event. Others are told only when it has moved; nothing is written to the log.
 */
export async function markRead(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  readBody: () => ReadMark | Promise<ReadMark>,
): Promise<ReadUpdated> {
  await enter(deps, caller, threadId, 'thread.read')
  const wanted = await readBody()
  const [newest] = await deps.ground.log.last(streamOf(threadId), { limit: 1 })
  const seq = Math.min(wanted.seq, newest?.seq ?? 0)
  const known = await storedMark(deps, caller, threadId)
  if (seq <= known) return toMark(caller, threadId, known)
  deps.rates.countRead(caller)
  const { outcome } = await deps.commit({
    ops: [deps.store.markRead(threadId, caller.identity.id, seq)],
    appends: [],
  })
  // Refused: the caller's other device has read further meanwhile, or the caller was removed.
  if (outcome !== 'committed') return toMark(caller, threadId, await storedMark(deps, caller, threadId))
  tellChanged(deps, threadId, { changed: 'read', identity_id: caller.identity.id, seq })
  return toMark(caller, threadId, seq)
}

const toMark = ({ identity }: Caller, threadId: string, seq: number): ReadUpdated => ({
  thread_id: threadId,
  identity_id: identity.id,
  seq,
})

async function storedMark({ store }: ThreadsDeps, { identity }: Caller, threadId: string): Promise<number> {
  const member = await store.findMember(threadId, identity.id)
  if (!member) throw threadsErrors.notAMember()
  return member.readSeq
}
