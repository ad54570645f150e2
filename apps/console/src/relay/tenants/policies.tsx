import type { PolicyView } from '@parley/relay/protocol'
import { usePolicies } from '../live/use-relay.js'
import { policyWords } from '../model/policies.js'
import { Queried } from '../parts/queried.js'

/** Who may speak to which agent. */
export function Policies({ tenant }: { tenant: string }) {
  const policies = usePolicies(tenant)
  return (
    <Queried query={policies} rows={1}>
      {(found) =>
        found.length === 0 ? (
          <p className="card px-5 py-4 text-sm text-soft">
            None is set: in groups, agents answer their own people, when the bot is addressed.
          </p>
        ) : (
          <ul aria-label="Policies" className="card divide-y divide-line">
            {found.map((policy) => (
              <Row key={`${policy.instanceId} ${policy.platform}`} policy={policy} />
            ))}
          </ul>
        )
      }
    </Queried>
  )
}

function Row({ policy }: { policy: PolicyView }) {
  return (
    <li data-testid="policy" className="px-5 py-3 text-sm">
      <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <span className="font-medium [overflow-wrap:anywhere]">{policy.instanceId}</span>
        <span className="badge">{policy.platform}</span>
      </p>
      <ul className="mt-1 flex flex-col gap-0.5 text-soft">
        {policyWords(policy).map((words) => (
          <li key={words} className="[overflow-wrap:anywhere]">
            {words}
          </li>
        ))}
      </ul>
    </li>
  )
}
