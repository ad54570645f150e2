import { Link } from '@tanstack/react-router'
import { Moment } from '../../ui/time.js'
import { type ListedSession, type SessionState, titleOf } from '../model/session-list.js'

/** One line of the list; the whole of it leads to the session. */
export function SessionRow({
  one: { session, openQuestions },
  state,
}: {
  one: ListedSession
  state: SessionState
}) {
  const { id, agentName, cwd, lastUpdatedAt, promptQueue } = session
  const waiting = promptQueue?.size ?? 0
  return (
    <li
      data-testid="session"
      data-state={state}
      className="relative grid grid-cols-[auto_minmax(0,1fr)_auto] items-baseline gap-x-3 px-4 py-3 hover:bg-sunken"
    >
      <span aria-hidden="true" className="session-dot" data-state={state} />
      <div className="min-w-0">
        <Link
          to="/sessions/$id"
          params={{ id }}
          className={`line-clamp-2 font-medium [overflow-wrap:anywhere] after:absolute after:inset-0 ${state === 'ended' ? 'text-soft' : ''}`}
        >
          {titleOf(session)}
        </Link>
        <p className="hint mt-0.5 flex min-w-0 gap-x-2">
          <span className="shrink-0">{agentName}</span>
          {cwd && (
            <span className="path-end min-w-0 font-mono text-xs leading-5" title={cwd}>
              <bdi>{cwd}</bdi>
            </span>
          )}
        </p>
      </div>
      <div className="flex flex-col items-end gap-1">
        <span className="hint">
          <Moment iso={lastUpdatedAt} />
        </span>
        {openQuestions > 0 && (
          <span className="badge badge-edited">
            {openQuestions === 1 ? '1 question' : `${openQuestions} questions`}
          </span>
        )}
        {waiting > 0 && <span className="badge">{waiting} queued</span>}
      </div>
    </li>
  )
}
