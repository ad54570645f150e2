// How much of a thread somebody has not read yet.
import type { StoredEvent } from '@parley/kernel/log'
import type { Caller } from './caller.js'
import type { ThreadsDeps } from './deps.js'
import { forwards } from './walk.js'

/** Where counting ends: people are shown `99+`. */
export const maxUnread = 100
/** Events that are looked at after a mark: what assistants think and do lies between messages. */
const maxEvents = 1_000

/**
 * Messages of others after the caller's mark that were not deleted, to `maxUnread` and within the first 1,000 events
 * after it. Null for somebody who is no member.
 */
export async function countUnread(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
): Promise<number | null> {
  const member = await deps.store.findMember(threadId, caller.identity.id)
  if (!member) return null
  const { log } = deps.ground
  let count = 0
  let ids: string[] = []
  for await (const event of forwards({ log, threadId, after: member.readSeq, wanted: maxUnread })) {
    if (event.seq > member.readSeq + maxEvents) break
    if (isOfOther(caller, event)) ids.push(event.id)
    if (ids.length < maxUnread) continue
    count += await countKept(deps, threadId, ids)
    ids = []
    if (count >= maxUnread) break
  }
  return Math.min(count + (await countKept(deps, threadId, ids)), maxUnread)
}

const isOfOther = ({ identity }: Caller, { type, actor }: StoredEvent): boolean =>
  type === 'message' && (actor.id !== identity.id || actor.kind !== identity.role)

async function countKept({ store }: ThreadsDeps, threadId: string, ids: readonly string[]): Promise<number> {
  return ids.length - (await store.findDeletedMessages(threadId, ids)).length
}
