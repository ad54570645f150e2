import { useSessionList } from '../list/use-session-list.js'
import { titleOf } from '../model/session-list.js'

/** Sessions that go on, by their titles. */
export function useSessionChoices(): { id: string; name: string }[] {
  const { query } = useSessionList()
  return (query.data ?? [])
    .filter(({ session }) => session.status === 'active')
    .map(({ session }) => ({ id: session.id, name: titleOf(session) }))
}
