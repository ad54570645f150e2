import type { GatewayView, InstanceView } from '@parley/relay/protocol'
import { useState } from 'react'
import { GatewayRow } from './gateway-row.js'

type GatewayListProps = { gateways: readonly GatewayView[]; instances: readonly InstanceView[] }

/** Gateways that are good, and those that were revoked when somebody asks for them. */
export function GatewayList({ gateways, instances }: GatewayListProps) {
  const [showsRevoked, setShowsRevoked] = useState(false)
  const revoked = gateways.filter(({ state }) => state === 'revoked')
  const shown = showsRevoked ? gateways : gateways.filter(({ state }) => state !== 'revoked')
  return (
    <>
      {shown.length > 0 ? (
        <ul aria-label="Gateways" className="card divide-y divide-line">
          {shown.map((gateway) => (
            <GatewayRow
              key={gateway.gatewayId}
              gateway={gateway}
              bots={
                instances.find(
                  ({ tenant, instanceId }) => tenant === gateway.tenant && instanceId === gateway.instanceId,
                )?.bots ?? []
              }
            />
          ))}
        </ul>
      ) : (
        <p className="card px-5 py-4 text-sm text-soft">All of them are revoked.</p>
      )}
      {revoked.length > 0 && (
        <button
          type="button"
          className="btn btn-quiet mt-2 -ml-2"
          aria-expanded={showsRevoked}
          onClick={() => setShowsRevoked(!showsRevoked)}
        >
          {showsRevoked ? 'Hide revoked ones' : `Show ${revoked.length} revoked`}
        </button>
      )}
    </>
  )
}
