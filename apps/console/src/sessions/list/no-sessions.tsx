import { EmptyState } from '../../ui/empty-state.js'
import { NewSessionButton } from '../create/new-session.js'

/** The way to a first session. */
export function NoSessions() {
  return (
    <EmptyState title="No sessions yet.">
      <p>
        A session is one coding agent in one directory. It goes on when you close this page, and everybody who
        may see it sees the same.
      </p>
      <p className="mt-4">
        <NewSessionButton label="Start a session" />
      </p>
    </EmptyState>
  )
}
