import type { ListedRuntime } from '@parley/sessions/client'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { sessionsClient } from '../client/sessions-client.js'
import { useRuntimes } from '../create/use-offers.js'
import { InstanceRow } from './instance-row.js'
import { StartNamed } from './start-named.js'
import { useRuntimeAction } from './use-runtime-action.js'

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
          <InstanceRow key={instance.name} instance={instance} isOnly={onlyOne} />
        ))}
        {instances.length === 0 && <li className="hint px-4 py-3">Nothing is started.</li>}
      </ul>
    </section>
  )
}
