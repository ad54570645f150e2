import type { AgentTemplate } from '@parley/sessions/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { DialogForm } from '../../ui/dialog-form.js'
import { TextField } from '../../ui/text-field.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { templatesKey, useRuntimes } from '../create/use-offers.js'
import { type AgentFields, fieldsOf, templateOf } from '../model/agent-form.js'
import { LinesField } from './lines-field.js'

/** How an agent is started; without a template, of a new one. */
export function AgentForm({ template, close }: { template: AgentTemplate | undefined; close: () => void }) {
  const queries = useQueryClient()
  const [fields, setFields] = useState(() => fieldsOf(template))
  const set = (name: keyof AgentFields) => (value: string) => setFields({ ...fields, [name]: value })
  const wanted = templateOf(fields)
  const save = useMutation({
    mutationFn: (body: Exclude<typeof wanted, string>): Promise<unknown> => {
      const client = sessionsClient()
      return told(
        template ? client.updateAgentTemplate(template.id, body) : client.registerAgentTemplate(body),
      )
    },
    onSuccess: async () => {
      close()
      await queries.invalidateQueries({ queryKey: templatesKey })
    },
  })
  return (
    <DialogForm
      action={template ? 'Save' : 'Add agent'}
      pending={save.isPending}
      error={save.error}
      send={() => typeof wanted !== 'string' && save.mutate(wanted)}
      cancel={close}
    >
      <TextField label="Name" value={fields.name} onChange={set('name')} required maxLength={100} />
      <TextField
        label="Command"
        value={fields.command}
        onChange={set('command')}
        required
        placeholder="claude-agent-acp"
      />
      <LinesField label="Arguments" hint="One a line." value={fields.args} onChange={set('args')} />
      <LinesField
        label="Environment"
        hint="NAME=value, one a line."
        value={fields.env}
        onChange={set('env')}
        trouble={typeof wanted === 'string' ? wanted : undefined}
      />
      <LinesField
        label="Setup"
        hint="A shell script that runs in the directory before the agent does."
        value={fields.setup}
        onChange={set('setup')}
      />
      <ProviderChoice value={fields.provider} onChange={set('provider')} />
    </DialogForm>
  )
}

function ProviderChoice({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  const id = useId()
  const runtimes = useRuntimes().data ?? []
  if (runtimes.length < 2) return null
  return (
    <div>
      <label htmlFor={id} className="label">
        Runtime
      </label>
      <select
        id={id}
        className="input mt-1.5"
        value={value || runtimes[0]!.typeName}
        onChange={(event) => onChange(event.target.value)}
      >
        {runtimes.map(({ typeName }) => (
          <option key={typeName}>{typeName}</option>
        ))}
      </select>
    </div>
  )
}
