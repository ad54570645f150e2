import type { Session } from '@parley/sessions/protocol'

/** A session with the number of questions that wait for somebody. */
export type ListedSession = { readonly session: Session; readonly openQuestions: number }

/** `asks`: somebody has to answer; `working`: a turn runs. */
export type SessionState = 'asks' | 'working' | 'idle' | 'ended'

export type SessionGroup = { readonly state: SessionState; readonly sessions: readonly ListedSession[] }

const order: readonly SessionState[] = ['asks', 'working', 'idle', 'ended']

function stateOf({ session, openQuestions }: ListedSession): SessionState {
  if (session.status === 'killed') return 'ended'
  if (openQuestions > 0) return 'asks'
  return session.promptQueue?.processing ? 'working' : 'idle'
}

/** What needs somebody first, then what works, then the rest; within each what changed last. Empty groups are left out. */
export function groupSessions(sessions: readonly ListedSession[]): SessionGroup[] {
  const newestFirst = sessions.toSorted(
    (a, b) => Date.parse(b.session.lastUpdatedAt) - Date.parse(a.session.lastUpdatedAt),
  )
  return order
    .map((state) => ({ state, sessions: newestFirst.filter((one) => stateOf(one) === state) }))
    .filter((group) => group.sessions.length > 0)
}

/** Whether a person who looks for these words means this session. */
export function matches({ session }: ListedSession, words: string): boolean {
  const { title, agentName, cwd, id } = session
  const text = [title, agentName, cwd, id].join(' ').toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** Its title, or what it is called until the first prompt. */
export const titleOf = ({ title, agentName }: Pick<Session, 'title' | 'agentName'>): string =>
  title?.trim() || `New session with ${agentName}`

/** True for an event after which the list may look different: everything but what an agent says on its way. */
export function changesList({
  type,
  data,
}: {
  type: string
  data: Readonly<Record<string, unknown>>
}): boolean {
  if (type === 'rpc') return data.method === 'session/prompt'
  return /^(permission_|queue\.|session\.|error$)/.test(type)
}
