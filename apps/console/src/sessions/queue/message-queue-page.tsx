import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { AddMessage } from './add-message.js'
import { MessageRow } from './message-row.js'
import { messagesKey } from './messages-key.js'
import '../../styles/sessions/index.css'

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
            <MessageRow key={message.id} message={message} />
          ))}
        </ul>
      )}
    </>
  )
}
