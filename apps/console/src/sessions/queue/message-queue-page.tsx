import type { QueuedMessage } from '@parley/sessions/protocol'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { Moment } from '../../ui/time.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { AddMessage } from './add-message.js'
import '../../styles/sessions/index.css'

export const messagesKey = ['sessions', 'messages'] as const

/** No channel tells of this queue, so that it is read again while somebody looks at it. */
const everyMs = 5_000

/** Prompts that wait for sessions, and those that were sent. */
export function MessageQueuePage() {
  const query = useQuery({
    queryKey: messagesKey,
    queryFn: () => told(sessionsClient().listMessageQueue()),
    refetchInterval: ({ state }) => (state.status === 'error' ? false : everyMs),
  })
  const queries = useQueryClient()
  const messages = query.data ?? []
  const clear = async () => {
    await told(sessionsClient().clearMessageQueue())
    await queries.invalidateQueries({ queryKey: messagesKey })
  }
  return (
    <>
      <PageHeader
        title="Message queue"
        lead="Prompts for any session, kept until their turn comes: one after the other, each of them once."
      >
        <div className="flex gap-2">
          {messages.length > 0 && (
            <ConfirmButton
              label="Clear"
              name="Clear the queue"
              className="btn"
              title="Clear the queue?"
              lead="All messages are removed, those that wait and those that were sent."
              confirm="Clear queue"
              act={clear}
            />
          )}
          <AddMessage />
        </div>
      </PageHeader>
      {query.error && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {query.data && messages.length === 0 && (
        <EmptyState title="No messages wait.">
          Programs and people put prompts here that may wait. One without a session starts its own.
        </EmptyState>
      )}
      {messages.length > 0 && (
        <ul aria-label="Messages" className="card divide-y divide-line">
          {messages.map((message) => (
            <Row key={message.id} message={message} />
          ))}
        </ul>
      )}
    </>
  )
}

function Row({ message }: { message: QueuedMessage }) {
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
