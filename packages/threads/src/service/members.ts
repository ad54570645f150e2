// Members of a thread (contract 3.3).
import { threadsErrors } from '../errors.js'
import type { AddMember, Identity, ThreadMember } from '../protocol/index.js'
import type { MemberRow } from '../store/port.js'
import type { Caller } from './caller.js'
import type { ThreadsDeps } from './deps.js'
import { streamOf, toDraft } from './events.js'
import { assertAuthorized, enter } from './gate.js'
import { toMember } from './objects.js'
import { cancelActive } from './runs/read-cancel.js'

/** All members, in the order they came. */
export async function listMembers(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
): Promise<ThreadMember[]> {
  await enter(deps, caller, threadId, 'thread.read')
  return (await deps.store.listMembers(threadId)).map(toMember)
}

/**
 * Adds a member. One who is a member already stays as first stored: `isNew` is false, and nobody is told. Throws
 * `threads.too_many_members` when the thread is full.
 */
export async function addMember(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  readBody: () => AddMember | Promise<AddMember>,
): Promise<{ member: ThreadMember; isNew: boolean }> {
  await enter(deps, caller, threadId, 'member.add')
  const wanted = await readBody()
  await assertAuthorized(deps, caller, threadId, 'member.add', wanted.identity.id)
  return storeMember(deps, caller.identity, threadId, wanted, () => deps.rates.count(caller))
}

/** The same without a gate: `author` is taken as allowed. `onNew` runs before anything is stored, and may throw. */
export async function storeMember(
  deps: ThreadsDeps,
  author: Identity,
  threadId: string,
  { identity, role }: AddMember,
  onNew: () => void = () => {},
): Promise<{ member: ThreadMember; isNew: boolean }> {
  const { ground, store } = deps
  const known = await store.findMember(threadId, identity.id)
  if (known) return { member: toMember(known), isNew: false }
  if ((await store.countMembers(threadId)) >= deps.options.limits.members)
    throw threadsErrors.tooManyMembers()
  onNew()

  const row: MemberRow = {
    threadId,
    identityId: identity.id,
    identity,
    role,
    addedAt: ground.clock.micros(),
    addedBy: author,
    readSeq: 0,
  }
  const drafts = [toDraft('thread.member_added', { author }, { member: identity })]
  const { outcome } = await deps.commit({
    ops: [store.insertMember(row)],
    appends: [{ stream: streamOf(threadId), drafts }],
  })
  if (outcome === 'committed') return { member: toMember(row), isNew: true }
  const first = await store.findMember(threadId, identity.id)
  if (!first) throw threadsErrors.threadNotFound()
  return { member: toMember(first), isNew: false }
}

/** Removes a member; one who is none is no error. */
export async function removeMember(
  deps: ThreadsDeps,
  caller: Caller,
  threadId: string,
  identityId: string,
): Promise<void> {
  const { store } = deps
  await enter(deps, caller, threadId, 'member.remove', { targetId: identityId })
  const member = await store.findMember(threadId, identityId)
  if (!member) return
  deps.rates.count(caller)
  const author = caller.identity
  const drafts = [toDraft('thread.member_removed', { author }, { member: member.identity })]
  const { outcome } = await deps.commit({
    ops: [store.removeMember(threadId, identityId)],
    appends: [{ stream: streamOf(threadId), drafts }],
  })
  if (outcome !== 'committed') return
  if (member.identity.role === 'assistant') await cancelActive(deps, threadId, identityId)
}
