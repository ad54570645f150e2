import type { ListedRuntimeInstance } from '@parley/sessions/client'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { sessionsClient } from '../client/sessions-client.js'
import { useRuntimeAction } from './use-runtime-action.js'

/** One started unit, and what can be done with it. */
export function InstanceRow({ instance, isOnly }: { instance: ListedRuntimeInstance; isOnly: boolean }) {
  const { name, typeName, status, link } = instance
  const act = useRuntimeAction()
  const client = sessionsClient()
  const isRunning = status === 'running'
  return (
    <li data-testid="instance" data-status={status} className="px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="flex min-w-0 flex-wrap items-center gap-2">
          <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
          <span className={`badge ${isRunning ? 'badge-accent' : ''}`}>{words[status]}</span>
          {link && link.state !== 'connected' && <span className="badge badge-edited">{link.state}</span>}
        </p>
        <div className="flex flex-wrap gap-2">
          {!isRunning && (
            <button
              type="button"
              className="btn"
              aria-label={`Start ${name}`}
              disabled={act.isPending}
              onClick={() => act.mutate(() => client.startRuntime(typeName, name))}
            >
              {status === 'paused' ? 'Resume' : 'Start'}
            </button>
          )}
          {isRunning && !isOnly && (
            <button
              type="button"
              className="btn"
              aria-label={`Pause ${name}`}
              disabled={act.isPending}
              onClick={() => act.mutate(() => client.pauseRuntime(name))}
            >
              Pause
            </button>
          )}
          {status !== 'stopped' && (
            <ConfirmButton
              label="Stop"
              name={`Stop ${name}`}
              title={`Stop ${name}?`}
              lead="All sessions in it are ended."
              confirm="Stop"
              act={async () => void (await act.mutateAsync(() => client.stopRuntime(name)))}
            />
          )}
          {status !== 'running' && !isOnly && (
            <ConfirmButton
              label="Delete"
              name={`Delete ${name}`}
              title={`Delete ${name}?`}
              lead="Everything in it is gone. What was said in its sessions stays readable."
              confirm="Delete"
              act={async () => void (await act.mutateAsync(() => client.deleteRuntime(name)))}
            />
          )}
        </div>
      </div>
      {act.error && <ProblemNotice error={act.error} />}
    </li>
  )
}

const words = { running: 'Running', stopped: 'Stopped', paused: 'Paused' }
