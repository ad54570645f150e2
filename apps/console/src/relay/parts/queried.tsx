import type { ReactNode } from 'react'
import { Loading } from '../../ui/loading.js'
import { ProblemNotice } from '../../ui/problem-notice.js'

type Query<T> = { data: T | undefined; error: unknown; isPending: boolean; refetch(): Promise<unknown> }

/** What was read; grey rows until it is there, and why it is not. */
export function Queried<T>({
  query,
  rows,
  children,
}: {
  query: Query<T>
  rows?: number
  children: (data: T) => ReactNode
}) {
  return (
    <>
      {query.error != null && (
        <div className="mb-4">
          <ProblemNotice error={query.error} retry={() => void query.refetch()} />
        </div>
      )}
      {query.isPending && <Loading rows={rows} />}
      {query.data !== undefined && children(query.data)}
    </>
  )
}
