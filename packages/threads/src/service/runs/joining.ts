import type { Op } from '@parley/kernel/db'
import type { Draft } from '@parley/kernel/log'
import { assistantNotMember, assistantNotRegistered, threadsErrors } from '../../errors.js'
import type { Identity } from '../../protocol/index.js'
import type { MemberRow } from '../../store/port.js'
import type { ThreadsDeps } from '../deps.js'
import { toDraft } from '../events.js'

/** Assistants that are to run, in the order asked; `joining` are those that become members with it. */
export type Found = { members: MemberRow[]; joining: MemberRow[] }

/**
 * Looks for assistants. Throws `threads.assistant_not_registered`, `threads.assistant_not_member`, and with
 * `autoJoinAssistants` `threads.too_many_members`.
 */
export async function findAssistants(
  deps: ThreadsDeps,
  threadId: string,
  ids: readonly string[],
  author: Identity,
): Promise<Found> {
  const stranger = ids.find((id) => !deps.assistants.find(id))
  if (stranger !== undefined) throw assistantNotRegistered(stranger)
  const found: Found = { members: [], joining: [] }
  for (const id of ids) {
    const known = await deps.store.findMember(threadId, id)
    if (known ? known.identity.role !== 'assistant' : !deps.options.autoJoinAssistants)
      throw assistantNotMember(id)
    const member = known ?? toMemberRow(deps, threadId, id, author)
    found.members.push(member)
    if (!known) found.joining.push(member)
  }
  await assertRoom(deps, threadId, found.joining.length)
  return found
}

async function assertRoom({ store, options }: ThreadsDeps, threadId: string, count: number): Promise<void> {
  if (count > 0 && (await store.countMembers(threadId)) + count > options.limits.members)
    throw threadsErrors.tooManyMembers()
}

/** Statements that make the new ones members, and keep the others members, until the unit has committed. */
export function membershipOps({ store }: ThreadsDeps, { members, joining }: Found): Op[] {
  const staying = members.filter((member) => !joining.includes(member))
  return [
    ...staying.map(({ threadId, identityId }) => store.memberGuard(threadId, identityId)),
    ...joining.map((member) => store.insertMember(member)),
  ]
}

/** What the log says of those who join. */
export const joinDrafts = ({ joining }: Found): Draft[] =>
  joining.map(({ identity, addedBy }) =>
    toDraft('thread.member_added', { author: addedBy }, { member: identity }),
  )

function toMemberRow(
  { assistants, ground }: ThreadsDeps,
  threadId: string,
  id: string,
  author: Identity,
): MemberRow {
  const addedAt = ground.clock.micros()
  return {
    threadId,
    identityId: id,
    identity: assistants.identityOf(id),
    role: 'member',
    addedAt,
    addedBy: author,
    readSeq: 0,
  }
}
