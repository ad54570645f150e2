import type { ScopeView } from '@parley/relay/protocol'
import { Moment } from '../../ui/time.js'
import { useScopes } from '../live/use-relay.js'
import { Queried } from '../parts/queried.js'

/** Scopes and chats that lead to the tenant, and chats that its agents hold. */
export function Scopes({ tenant }: { tenant: string }) {
  const scopes = useScopes(tenant)
  return (
    <Queried query={scopes} rows={1}>
      {(found) =>
        found.length === 0 ? (
          <p className="card px-5 py-4 text-sm text-soft">
            None. A gateway claims a chat for its agent, or names the scopes of its tenant when it is
            provisioned.
          </p>
        ) : (
          <ul aria-label="Scopes and grants" className="card divide-y divide-line">
            {found.map((scope) => (
              <Row key={JSON.stringify(scope)} scope={scope} />
            ))}
          </ul>
        )
      }
    </Queried>
  )
}

function Row({ scope }: { scope: ScopeView }) {
  const code = 'font-mono text-[0.8125rem] [overflow-wrap:anywhere]'
  return (
    <li data-testid="scope" className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-5 py-3 text-sm">
      {scope.kind === 'route' ? (
        <>
          <span className="badge">route</span>
          <span className={code}>
            {scope.platform}:{scope.key}
          </span>
          <span className="text-soft">leads to this tenant</span>
        </>
      ) : (
        <>
          <span className="badge badge-accent">grant</span>
          <span className={code}>
            {scope.platform}:{scope.chatId}
          </span>
          <span className="text-soft [overflow-wrap:anywhere]">
            of {scope.scopeId} is held by {scope.instanceId}, since <Moment iso={scope.createdAt} />
          </span>
        </>
      )}
    </li>
  )
}
