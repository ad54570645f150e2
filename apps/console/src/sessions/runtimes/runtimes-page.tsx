import type { ListedRuntime, ListedRuntimeInstance } from '@parley/sessions/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { FormDialog } from '../../ui/dialog.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { TextField } from '../../ui/text-field.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { runtimesKey, useRuntimes } from '../create/use-offers.js'

/** Where agents run. */
export function RuntimesPage() {
  const query = useRuntimes()
  return (
    <>
      <PageHeader title="Runtimes" lead="Where agents run: this machine, containers, and other hosts." />
      {query.error && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      <div className="flex flex-col gap-6">
        {query.data?.map((runtime) => (
          <Runtime key={runtime.typeName} runtime={runtime} />
        ))}
      </div>
    </>
  )
}

function Runtime({ runtime: { typeName, onlyOne, instances } }: { runtime: ListedRuntime }) {
  const act = useRuntimeAction()
  const canStart = !onlyOne || instances.length === 0
  return (
    <section aria-label={typeName} data-testid="runtime">
      <div className="mb-2 flex min-h-9 items-center justify-between gap-3">
        <h2>{typeName}</h2>
        {canStart &&
          (onlyOne ? (
            <button
              type="button"
              className="btn"
              disabled={act.isPending}
              onClick={() => act.mutate(() => sessionsClient().startRuntime(typeName))}
            >
              Start
            </button>
          ) : (
            <StartNamed typeName={typeName} />
          ))}
      </div>
      {act.error && <ProblemNotice error={act.error} />}
      <ul className="card divide-y divide-line">
        {instances.map((instance) => (
          <Instance key={instance.name} instance={instance} isOnly={onlyOne} />
        ))}
        {instances.length === 0 && <li className="hint px-4 py-3">Nothing is started.</li>}
      </ul>
    </section>
  )
}

function Instance({ instance, isOnly }: { instance: ListedRuntimeInstance; isOnly: boolean }) {
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

function StartNamed({ typeName }: { typeName: string }) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const act = useRuntimeAction()
  const send = () =>
    act.mutate(() => sessionsClient().startRuntime(typeName, name.trim() || undefined), {
      onSuccess: () => setOpen(false),
    })
  return (
    <>
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        Start another
      </button>
      <FormDialog open={open} onOpenChange={setOpen} title={`Start ${typeName}`}>
        <DialogForm
          action="Start"
          pending={act.isPending}
          error={act.error}
          send={send}
          cancel={() => setOpen(false)}
        >
          <TextField label="Name" value={name} onChange={setName} maxLength={100} placeholder={typeName} />
        </DialogForm>
      </FormDialog>
    </>
  )
}

function useRuntimeAction() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (work: () => Promise<unknown>) => told(work()),
    onSettled: () => queries.invalidateQueries({ queryKey: runtimesKey }),
  })
}

const words = { running: 'Running', stopped: 'Stopped', paused: 'Paused' }
