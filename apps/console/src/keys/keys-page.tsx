import { useQuery, useQueryClient } from '@tanstack/react-query'
import { listKeys, revokeKey } from '../api/account.js'
import { EmptyState } from '../ui/empty-state.js'
import { Loading } from '../ui/loading.js'
import { PageHeader } from '../ui/page-header.js'
import { ProblemNotice } from '../ui/problem-notice.js'
import { CreateKey } from './create-key.js'
import { KeyRow } from './key-row.js'

const keysKey = ['keys'] as const

/** Credentials for programs: list, make, revoke. */
export function KeysPage() {
  const queries = useQueryClient()
  const keys = useQuery({ queryKey: keysKey, queryFn: listKeys })
  const refresh = () => queries.invalidateQueries({ queryKey: keysKey })
  const revoke = async (id: string) => {
    await revokeKey(id)
    await refresh()
  }
  return (
    <>
      <PageHeader title="API keys" lead="Programs use a key where a browser uses its sign-in.">
        <CreateKey onCreated={() => void refresh()} />
      </PageHeader>
      {keys.isPending && <Loading />}
      {keys.error && <ProblemNotice error={keys.error} retry={() => void keys.refetch()} />}
      {keys.data?.length === 0 && (
        <EmptyState title="No keys yet.">
          Make one for a script or a service that should talk to this server.
        </EmptyState>
      )}
      {keys.data && keys.data.length > 0 && (
        <ul aria-label="API keys" className="card divide-y divide-line">
          {keys.data.map((key) => (
            <KeyRow key={key.id} apiKey={key} revoke={() => revoke(key.id)} />
          ))}
        </ul>
      )}
    </>
  )
}
