import type { Run } from '@parley/threads/protocol'
import { useMutation } from '@tanstack/react-query'
import { useClock, useNow } from '../../time/use-now.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { Moment } from '../../ui/time.js'
import { isOver, runDuration } from '../model/runs.js'
import type { RoomView } from './room-view.js'
import { Section } from './section.js'

/** What assistants do and did here, the newest first. */
export function Runs({ view }: { view: RoomView }) {
  const { runs, actions } = view
  return (
    <Section title="Runs">
      {runs.length === 0 ? (
        <p className="hint px-4 py-3">No assistant has worked here yet.</p>
      ) : (
        <ul className="max-h-80 divide-y divide-line overflow-y-auto">
          {runs.map((run) => (
            <Row key={run.id} run={run} stop={actions && (() => actions.stopRun(run.id))} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Row({ run, stop }: { run: Run; stop: (() => Promise<void>) | undefined }) {
  const { assistant, triggered_by, started_at, status, error } = run
  const stopping = useMutation({ mutationFn: async () => stop?.() })
  const isActive = !isOver(run)
  return (
    <li data-testid="run" data-status={status} className="py-2 pr-2 pl-4">
      <div className="flex min-h-8 items-center justify-between gap-2">
        <p className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium">{assistant.name || assistant.id}</span>
          <span className={`badge ${badges[status].className}`}>{badges[status].text}</span>
        </p>
        {isActive && stop && (
          <button
            type="button"
            className="btn btn-danger-quiet min-h-8 px-2.5 text-[0.8125rem]"
            aria-label={`Stop ${assistant.name || assistant.id}`}
            disabled={stopping.isPending}
            onClick={() => stopping.mutate()}
          >
            Stop
          </button>
        )}
      </div>
      <p className="hint flex flex-wrap gap-x-2 pr-2">
        <span className="max-w-full truncate">asked by {triggered_by.name || triggered_by.id}</span>
        <span className="tabular-nums">{isActive ? <Ticking run={run} /> : <Took run={run} />}</span>
        <Moment iso={started_at} />
      </p>
      {error && (
        <p className="mt-0.5 pr-2 text-[0.8125rem] text-danger [overflow-wrap:anywhere]">{error.message}</p>
      )}
      {stopping.error && <ProblemNotice error={stopping.error} />}
    </li>
  )
}

function Ticking({ run }: { run: Run }) {
  return <>{runDuration(run, useNow())}</>
}

function Took({ run }: { run: Run }) {
  return <>{runDuration(run, useClock().now())}</>
}

const badges: Record<Run['status'], { text: string; className: string }> = {
  pending: { text: 'Waiting', className: '' },
  running: { text: 'Running', className: 'badge-agent' },
  completed: { text: 'Done', className: 'badge-accent' },
  failed: { text: 'Failed', className: 'badge-danger' },
  cancelled: { text: 'Stopped', className: 'badge-edited' },
}
