import type { TenantView } from '@parley/relay/protocol'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../ui/empty-state.js'
import { useTenants } from '../live/use-relay.js'
import { botName } from '../model/bot.js'
import { count } from '../model/words.js'
import { LiveHeader } from '../parts/live-header.js'
import { Queried } from '../parts/queried.js'

/** The organisations whose agents are behind the bots. */
export function TenantsPage() {
  const tenants = useTenants()
  return (
    <>
      <LiveHeader
        title="Tenants"
        lead="Organisations whose agents are behind the bots. None sees anything of another one."
      />
      <Queried query={tenants}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title="No tenants yet.">
              One comes with its first gateway: enrol it on the page Gateways.
            </EmptyState>
          ) : (
            <ul aria-label="Tenants" className="card divide-y divide-line">
              {found.map((tenant) => (
                <Row key={tenant.tenant} tenant={tenant} />
              ))}
            </ul>
          )
        }
      </Queried>
    </>
  )
}

function Row({ tenant: { tenant, instances, gateways, links, pending, bots } }: { tenant: TenantView }) {
  return (
    <li
      data-testid="tenant-row"
      className="relative grid gap-x-6 gap-y-1.5 px-5 py-4 hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_auto]"
    >
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Link
            to="/tenants/$tenant/detail"
            params={{ tenant }}
            className="min-w-0 font-medium [overflow-wrap:anywhere] after:absolute after:inset-0"
          >
            {tenant}
          </Link>
          {pending > 0 && <span className="badge badge-edited">{count(pending, 'message')} waiting</span>}
        </p>
        <p className="hint mt-0.5 font-mono text-xs [overflow-wrap:anywhere]">
          {bots.length === 0 ? 'no bot' : bots.map(botName).join(', ')}
        </p>
      </div>
      <p className="hint flex flex-wrap gap-x-3 tabular-nums sm:justify-end sm:text-right">
        <span>{count(instances, 'agent')}</span>
        <span>{count(gateways, 'gateway')}</span>
        <span>{count(links, 'link')}</span>
      </p>
    </li>
  )
}
