import { threadsErrors } from '../errors.js'
import type { ThreadsDeps } from './deps.js'

/**
 * Who a message is meant for: members, without the author and repeats; null for everybody. Throws
 * `threads.recipient_not_member`.
 */
export async function recipientsOf(
  { store }: ThreadsDeps,
  threadId: string,
  authorId: string,
  recipients: readonly string[] | null | undefined,
): Promise<string[] | null> {
  const others = [...new Set(recipients ?? [])].filter((id) => id !== authorId)
  if (others.length === 0) return null
  const members = await Promise.all(others.map((id) => store.findMember(threadId, id)))
  const stranger = others.find((_id, index) => !members[index])
  if (stranger !== undefined)
    throw threadsErrors.recipientNotMember({ message: `recipient is not a member: ${stranger}` })
  return others
}
