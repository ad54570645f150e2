// How much of a thread somebody has not read yet.
import type { StoredEvent } from '@parley/kernel/log'
import type { Caller } from './caller.js'
import type { ThreadsDeps } from './deps.js'
import { streamOf } from './events.js'

/** Where counting ends: people are shown `99+`. */
export const maxUnread = 100
/** Events that are looked at after a mark: what assistants think and do lies between messages. */
const maxEvents = 1_000
const pageSize = 100

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
  let count = 0
  for (let after = member.readSeq; after < member.readSeq + maxEvents; ) {
    const { events, head } = await deps.ground.log.read(streamOf(threadId), { after, limit: pageSize })
    count += await countKept(deps, threadId, events.filter(isOfOther(caller)))
    const last = events.at(-1)
    if (!last || last.seq >= head || count >= maxUnread) break
    after = last.seq
  }
  return Math.min(count, maxUnread)
}

const isOfOther =
  ({ identity }: Caller) =>
  ({ type, actor }: StoredEvent): boolean =>
    type === 'message' && (actor.id !== identity.id || actor.kind !== identity.role)

async function countKept({ store }: ThreadsDeps, threadId: string, messages: StoredEvent[]): Promise<number> {
  const deleted = await store.findDeletedMessages(
    threadId,
    messages.map(({ id }) => id),
  )
  return messages.length - deleted.length
}
