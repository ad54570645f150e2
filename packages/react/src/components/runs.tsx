import type { Run } from '@parley/threads/protocol'
import { useAction } from '../hooks/use-action.js'
import { isActiveRun } from '../hooks/use-run.js'
import { Failure } from './failure.js'
import { useThreadSettings, useThreadSnapshot } from './thread-context.js'

/** The assistants that are at work, each with a button that stops it. */
export function Runs() {
  const { runs } = useThreadSnapshot()
  const active = runs.filter(isActiveRun)
  if (active.length === 0) return null
  return (
    <ul data-parley-runs="">
      {active.map((run) => (
        <ActiveRun key={run.id} run={run} />
      ))}
    </ul>
  )
}

function ActiveRun({ run }: { run: Run }) {
  const { labels, actions } = useThreadSettings()
  const stop = useAction(() => actions.cancelRun(run.id))
  return (
    <li data-parley-run={run.status}>
      <span>{labels.working(run.assistant.name || run.assistant.id)}</span>
      <button type="button" data-parley-stop="" disabled={stop.isBusy} onClick={() => void stop.run()}>
        {labels.stop}
      </button>
      <Failure error={stop.error} />
    </li>
  )
}
