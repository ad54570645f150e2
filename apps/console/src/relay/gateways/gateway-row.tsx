import type { BotIdentity, GatewayView } from '@parley/relay/protocol'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { Moment } from '../../ui/time.js'
import { ask } from '../client/relay-client.js'
import { useRefreshRelay } from '../live/use-relay.js'
import { age } from '../model/words.js'
import { TenantChip } from '../parts/tenant-chip.js'
import { RotateGateway } from './rotate-gateway.js'

/** One credential: whose it is, when it was used, and what can be done with it. */
export function GatewayRow({ gateway, bots }: { gateway: GatewayView; bots: readonly BotIdentity[] }) {
  const { gatewayId, tenant, instanceId, state, lastSeenAt, revokedAt, isRotating } = gateway
  const { text, className } = badges[state]
  const refresh = useRefreshRelay()
  const revoke = async () => {
    await ask((relay) => relay.revokeGateway(gatewayId))
    await refresh()
  }
  return (
    <li
      data-testid="gateway"
      data-gateway={gatewayId}
      data-state={state}
      className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-5 py-4"
    >
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-medium [overflow-wrap:anywhere]">{gatewayId}</span>
          <span data-testid="gateway-state" className={`badge ${className}`}>
            {text}
          </span>
          {isRotating && (
            <span
              className="badge badge-edited"
              title="The former secret is good for a day after a new one was made."
            >
              two secrets
            </span>
          )}
        </p>
        <p className="hint mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
          <TenantChip tenant={tenant} />
          {instanceId !== gatewayId && <span className="[overflow-wrap:anywhere]">agent {instanceId}</span>}
          {revokedAt ? (
            <span>
              revoked <Moment iso={revokedAt} />
            </span>
          ) : (
            <>
              <span>
                {lastSeenAt ? (
                  <>
                    last seen <Moment iso={lastSeenAt} />
                  </>
                ) : state === 'live' ? (
                  'connected'
                ) : (
                  'never seen'
                )}
              </span>
              <span>secret {age(gateway.secretAgeSeconds)} old</span>
            </>
          )}
        </p>
      </div>
      {state !== 'revoked' && (
        <div className="flex flex-wrap gap-2">
          <RotateGateway gateway={gateway} bots={bots} />
          <ConfirmButton
            label="Revoke"
            name={`Revoke ${gatewayId}`}
            title={`Revoke ${gatewayId}?`}
            lead="Its connections are closed, and it is let in no more. If it is the last one of its agent, what waits for the agent and who is linked to it are forgotten. This cannot be undone."
            confirm="Revoke gateway"
            act={revoke}
          />
        </div>
      )}
    </li>
  )
}

const badges = {
  live: { text: 'Live', className: 'badge-accent' },
  idle: { text: 'Idle', className: '' },
  revoked: { text: 'Revoked', className: 'badge-danger' },
}
