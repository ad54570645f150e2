import type { ChangeView } from '@parley/relay/protocol'
import { EmptyState } from '../../ui/empty-state.js'
import { Moment } from '../../ui/time.js'
import { useChanges } from '../live/use-relay.js'
import { changeWords, detailWords } from '../model/changes.js'
import { Queried } from '../parts/queried.js'
import { TenantChip } from '../parts/tenant-chip.js'

/** Who changed what, the latest first. */
export function ChangeList({ tenant }: { tenant: string }) {
  const changes = useChanges(tenant)
  return (
    <Queried query={changes}>
      {(found) =>
        found.length === 0 ? (
          <EmptyState title="Nothing was changed yet." />
        ) : (
          <ol aria-label="Changes" className="card divide-y divide-line">
            {found.map((change, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two changes may have one time
              <Row key={`${change.at} ${index}`} change={change} />
            ))}
          </ol>
        )
      }
    </Queried>
  )
}

function Row({ change }: { change: ChangeView }) {
  const { at, type, tenant, by, detail } = change
  return (
    <li data-testid="change" data-type={type} className="px-5 py-3 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="flex min-w-0 flex-1 basis-52 flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-medium">{changeWords(type)}</span>
          {tenant !== null && <TenantChip tenant={tenant} />}
        </p>
        <p className="hint flex flex-wrap gap-x-3">
          <span className="[overflow-wrap:anywhere]">by {by}</span>
          <Moment iso={at} />
        </p>
      </div>
      <p className="hint mt-1 font-mono text-xs [overflow-wrap:anywhere]">{detailWords(detail)}</p>
    </li>
  )
}
