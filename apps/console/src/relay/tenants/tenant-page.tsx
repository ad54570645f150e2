import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { BackLink } from '../../ui/back-link.js'
import { InstanceList } from '../gateways/instance-list.js'
import { useInstances } from '../live/use-relay.js'
import { LiveHeader } from '../parts/live-header.js'
import { Queried } from '../parts/queried.js'
import { Conversations } from './conversations.js'
import { LinkUser } from './link-user.js'
import { Links } from './links.js'
import { LinkCodeButton } from './new-link-code.js'
import { Policies } from './policies.js'
import { Scopes } from './scopes.js'

/** One tenant: its agents, who is linked to them, and what they may do where. */
export function TenantPage() {
  const { tenant } = useParams({ from: '/shell/tenants/$tenant/detail' })
  const instances = useInstances(tenant)
  const found = instances.data ?? []
  return (
    <div key={tenant} className="flex flex-col gap-8">
      <div className="-mb-6">
        <BackLink to="/tenants">Tenants</BackLink>
        <LiveHeader title={tenant} lead="What belongs to this tenant, and to nobody else." />
      </div>
      <Part id="agents" title="Agents">
        <Queried query={instances}>{(all) => <InstanceList instances={all} />}</Queried>
      </Part>
      <Part
        id="links"
        title="Links"
        lead="Whose messages reach which agent."
        actions={
          found.length > 0 && (
            <>
              <LinkUser tenant={tenant} instances={found} />
              <LinkCodeButton tenant={tenant} instances={found} />
            </>
          )
        }
      >
        <Links tenant={tenant} />
      </Part>
      <Part
        id="scopes"
        title="Scopes and grants"
        lead="Chats that lead to this tenant, and those that agents hold."
      >
        <Scopes tenant={tenant} />
      </Part>
      <Part
        id="policies"
        title="Policies"
        lead="Who may speak to an agent, and what of it concerns the agent."
      >
        <Policies tenant={tenant} />
      </Part>
      <Part
        id="conversations"
        title="Conversations"
        lead="Chats from which agents got messages, the latest first."
      >
        <Conversations tenant={tenant} />
      </Part>
    </div>
  )
}

type PartProps = { id: string; title: string; lead?: string; actions?: ReactNode; children: ReactNode }

function Part({ id, title, lead, actions, children }: PartProps) {
  return (
    <section aria-labelledby={`${id}-title`}>
      <header className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h2 id={`${id}-title`}>{title}</h2>
          {lead && <p className="text-sm text-soft">{lead}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </section>
  )
}
