import type { QueuedMessage } from '@parley/sessions/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { Moment } from '../../ui/time.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { messagesKey } from './messages-key.js'

/** One message, and what can be done with it. */
export function MessageRow({ message }: { message: QueuedMessage }) {
  const { id, text, status, agent, sessionId, createdAt, sentAt } = message
  const queries = useQueryClient()
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => told(work()),
    onSettled: () => queries.invalidateQueries({ queryKey: messagesKey }),
  })
  return (
    <li data-testid="message" data-status={status} className="px-4 py-3">
      <p className="line-clamp-3 whitespace-pre-line [overflow-wrap:anywhere]">{text}</p>
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className={`badge ${status === 'sent' ? 'badge-accent' : 'badge-edited'}`}>
          {status === 'sent' ? 'Sent' : 'Waits'}
        </span>
        <span className="hint">{agent}</span>
        {sessionId && (
          <Link to="/sessions/$id" params={{ id: sessionId }} className="link text-[0.8125rem]">
            Session
          </Link>
        )}
        <span className="hint">
          <Moment iso={sentAt ?? createdAt} />
        </span>
        <span className="ml-auto flex gap-1">
          {sessionId && (
            <button
              type="button"
              className="btn btn-quiet min-h-8 px-2 text-[0.8125rem]"
              disabled={act.isPending}
              onClick={() => act.mutate(() => sessionsClient().sendQueuedMessage(id))}
            >
              {status === 'sent' ? 'Send again' : 'Send now'}
            </button>
          )}
          <button
            type="button"
            className="btn btn-quiet min-h-8 px-2 text-[0.8125rem]"
            disabled={act.isPending}
            onClick={() => act.mutate(() => sessionsClient().removeQueuedMessage(id))}
          >
            Remove
          </button>
        </span>
      </div>
      {act.error && <ProblemNotice error={act.error} />}
    </li>
  )
}
