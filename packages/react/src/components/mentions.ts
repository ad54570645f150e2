import type { ThreadMember } from '@parley/threads/protocol'

/** A member that was picked from the list while writing. */
export type Mention = { id: string; name: string }

/** Where a mention is being written: from `start` (the `@`) to the caret. */
export type OpenMention = { start: number; query: string }

// Past this nobody is looking for a member any more.
const maxQuery = 64
const maxOffered = 8

/** The mention that the caret stands in, or undefined. An `@` inside a word, as in an address, begins none. */
export function mentionAt(text: string, caret: number): OpenMention | undefined {
  const before = text.slice(Math.max(0, caret - maxQuery - 2), caret)
  const query = /(?:^|\s)@([^\s@]*)$/u.exec(before)?.[1]
  return query === undefined ? undefined : { start: caret - query.length - 1, query }
}

/** The members that fit, those whose name begins with the query first. */
export function offeredMembers(
  members: readonly ThreadMember[],
  query: string,
  identityId: string | undefined,
): ThreadMember[] {
  const wanted = query.toLocaleLowerCase()
  const place = ({ identity_id, identity }: ThreadMember): number => {
    const at = identity.name.toLocaleLowerCase().indexOf(wanted)
    if (at >= 0) return Math.min(at, 1)
    return identity_id.toLocaleLowerCase().includes(wanted) ? 2 : -1
  }
  return members
    .filter((member) => member.identity_id !== identityId && place(member) >= 0)
    .toSorted((one, other) => place(one) - place(other))
    .slice(0, maxOffered)
}

/** The text with the member's name in place of what was typed of it, and where the caret goes. */
export function withMention(text: string, { start, query }: OpenMention, name: string) {
  const inserted = `@${name} `
  const after = text.slice(start + 1 + query.length)
  return { text: text.slice(0, start) + inserted + after, caret: start + inserted.length }
}

/** The ids of the picked members whose names still stand in the text. */
export function recipientsIn(text: string, picked: readonly Mention[]): string[] {
  return [...new Set(picked.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id))]
}
