import { useQuery } from '@tanstack/react-query'
import { isObject } from '../../api/read.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Loading } from '../../ui/loading.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { Moment } from '../../ui/time.js'
import { type AuditRecord, readAudit } from '../model/api.js'
import { shorten } from '../model/show-value.js'

/** Who did or tried what, from where. Read when the tab is opened, and again on demand. */
export function Audit({ id }: { id: string }) {
  const audit = useQuery({
    queryKey: ['handshakes', 'audit', id],
    queryFn: () => readAudit(id),
    staleTime: 0,
  })
  if (audit.error) return <ProblemNotice error={audit.error} retry={() => void audit.refetch()} />
  if (!audit.data) return <Loading />
  if (audit.data.length === 0) return <EmptyState title="Nothing recorded yet." />
  return (
    <section aria-label="Audit" className="card">
      <header className="flex items-center justify-between gap-3 border-b border-line px-5 py-2.5">
        <p className="hint">Reads, writes and refusals, newest first. Addresses are stored as hashes.</p>
        <button type="button" className="btn btn-quiet" onClick={() => void audit.refetch()}>
          Refresh
        </button>
      </header>
      <ol className="divide-y divide-line">
        {newestFirst(audit.data).map((record, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: records have no id, and the list is replaced as a whole
          <Line key={index} record={record} />
        ))}
      </ol>
    </section>
  )
}

/** Most lines drawn; the trail itself is longer in the log. */
const mostLines = 500

function newestFirst(records: readonly AuditRecord[]): AuditRecord[] {
  return [...records].sort((a, b) => b.at.localeCompare(a.at)).slice(0, mostLines)
}

function Line({ record }: { record: AuditRecord }) {
  const { at, kind, actor, remote, detail } = record
  const text = shorten(JSON.stringify(detail) ?? '', 240)
  const hasDetail = isObject(detail) ? Object.keys(detail).length > 0 : detail != null
  return (
    <li data-testid="audit-record" data-kind={kind} className="px-5 py-3 text-sm">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p>
          <code className="font-mono text-[0.8125rem] font-medium">{kind}</code>
          <span className="text-soft"> by {actor}</span>
        </p>
        <p className="hint flex gap-3">
          {remote && (
            <span className="max-w-32 truncate font-mono" title={remote}>
              {remote}
            </span>
          )}
          <Moment iso={at} />
        </p>
      </div>
      {hasDetail && <p className="hint mt-0.5 font-mono [overflow-wrap:anywhere]">{text}</p>}
    </li>
  )
}
