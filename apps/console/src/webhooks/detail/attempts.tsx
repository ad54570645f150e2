import { useQuery } from '@tanstack/react-query'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { Moment } from '../../ui/time.js'
import { listAttempts } from '../model/api.js'
import type { Attempt } from '../model/webhook.js'

/** What became of each try; read again when there was another one. */
export function Attempts({ webhookId, id, count }: { webhookId: string; id: string; count: number }) {
  const attempts = useQuery({
    queryKey: ['webhooks', 'attempts', id, count],
    queryFn: () => listAttempts(webhookId, id),
    placeholderData: (before) => before,
  })
  if (attempts.error) return <ProblemNotice error={attempts.error} retry={() => void attempts.refetch()} />
  if (!attempts.data) return <p className="hint">Loading…</p>
  return (
    <ol aria-label="Attempts" className="mt-1 flex flex-col gap-1.5 border-l-2 border-line pl-3.5">
      {attempts.data.map((attempt) => (
        <Line key={attempt.number} attempt={attempt} />
      ))}
    </ol>
  )
}

function Line({ attempt: { number, at, durationMs, status, error } }: { attempt: Attempt }) {
  return (
    <li data-testid="attempt" className="hint flex flex-wrap gap-x-3">
      <span className="tabular-nums">#{number}</span>
      <Moment iso={at} />
      <span className="tabular-nums">{Math.round(durationMs)} ms</span>
      <span className={error ? 'text-danger' : 'text-accent'}>{status ?? 'no answer'}</span>
      {error && <span className="min-w-0 [overflow-wrap:anywhere]">{error}</span>}
    </li>
  )
}
