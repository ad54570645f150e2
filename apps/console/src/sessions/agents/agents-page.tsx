import type { AgentTemplate } from '@parley/sessions/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { ConfirmButton } from '../../ui/confirm-button.js'
import { EmptyState } from '../../ui/empty-state.js'
import { Loading } from '../../ui/loading.js'
import { PageHeader } from '../../ui/page-header.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { commandOf } from '../create/agent-choice.js'
import { templatesKey, useTemplates } from '../create/use-offers.js'
import { AutoApproveAll } from './auto-approve.js'
import { EditAgent } from './edit-agent.js'

/** Agents that can be started. */
export function AgentsPage() {
  const query = useTemplates()
  const templates = query.data ?? []
  return (
    <>
      <PageHeader
        title="Agents"
        lead="Programs that speak the Agent Client Protocol, and how they are started."
      >
        <EditAgent label="Add an agent" className="btn btn-primary" />
      </PageHeader>
      {query.error && <ProblemNotice error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Loading />}
      {query.data && templates.length === 0 && (
        <EmptyState title="No agents yet.">Add one: a command is enough.</EmptyState>
      )}
      {templates.length > 0 && (
        <ul aria-label="Agents" className="card divide-y divide-line">
          {templates.map((template) => (
            <Row key={template.id} template={template} />
          ))}
        </ul>
      )}
      <AutoApproveAll />
    </>
  )
}

/** Those that people made have an id of the server; those of the configuration have the name they were given there. */
const isOfUser = ({ id }: AgentTemplate): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(id)

function Row({ template }: { template: AgentTemplate }) {
  const { id, name, runtime } = template
  const queries = useQueryClient()
  const remove = async () => {
    await told(sessionsClient().deleteAgentTemplate(id))
    await queries.invalidateQueries({ queryKey: templatesKey })
  }
  return (
    <li data-testid="agent" className="grid gap-x-4 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium [overflow-wrap:anywhere]">{name}</span>
          <span className="badge">{runtime.provider}</span>
          {!isOfUser(template) && <span className="badge">configured</span>}
        </p>
        <p className="hint mt-0.5 font-mono text-xs [overflow-wrap:anywhere]">{commandOf(template)}</p>
      </div>
      {isOfUser(template) && (
        <div className="flex items-start gap-2">
          <EditAgent template={template} label="Edit" name={`Edit ${name}`} className="btn" />
          <ConfirmButton
            label="Delete"
            name={`Delete ${name}`}
            title={`Delete ${name}?`}
            lead="Sessions with it go on; new ones can’t be started."
            confirm="Delete"
            act={remove}
          />
        </div>
      )}
    </li>
  )
}
