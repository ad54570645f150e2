import { useState } from 'react'
import { EmptyState } from '../../ui/empty-state.js'
import { useGateways, useInstances } from '../live/use-relay.js'
import { LiveHeader } from '../parts/live-header.js'
import { Queried } from '../parts/queried.js'
import { TenantFilter } from '../parts/tenant-filter.js'
import { EnrolGateway } from './enrol-gateway.js'
import { EnrolmentTokenButton } from './enrolment-token.js'
import { GatewayList } from './gateway-list.js'
import { InstanceList } from './instance-list.js'

/** The credentials of agents, and the agents themselves with what waits for them. */
export function GatewaysPage() {
  const [tenant, setTenant] = useState('')
  const gateways = useGateways(tenant || undefined)
  const instances = useInstances(tenant || undefined)
  return (
    <>
      <LiveHeader
        title="Gateways"
        lead="Programs beside agents that dial in. Each has one secret of its own, and no credential of a platform."
      >
        <EnrolmentTokenButton tenant={tenant} />
        <EnrolGateway tenant={tenant} />
      </LiveHeader>
      <div className="mb-4">
        <TenantFilter chosen={tenant} onChoose={setTenant} />
      </div>
      <Queried query={gateways}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title="No gateways yet.">
              Enrol one, and start your agent’s gateway with the lines that it shows.
            </EmptyState>
          ) : (
            <GatewayList gateways={found} instances={instances.data ?? []} />
          )
        }
      </Queried>
      <section aria-labelledby="instances-title" className="mt-8">
        <h2 id="instances-title">Agents</h2>
        <p className="mt-0.5 mb-3 max-w-[60ch] text-sm text-soft">
          What comes for an agent that is away waits here, in order, for a week.
        </p>
        <Queried query={instances}>{(found) => <InstanceList instances={found} showsTenant />}</Queried>
      </section>
    </>
  )
}
