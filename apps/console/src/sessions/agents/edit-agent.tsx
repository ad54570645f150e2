import type { AgentTemplate } from '@parley/sessions/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { FormDialog } from '../../ui/dialog.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { TextField } from '../../ui/text-field.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { templatesKey, useRuntimes } from '../create/use-offers.js'
import { type AgentFields, fieldsOf, templateOf } from '../model/agent-form.js'

type EditAgentProps = {
  /** Absent: a new one. */
  template?: AgentTemplate
  label: string
  name?: string
  className: string
}

/** Adds an agent, or changes one. */
export function EditAgent({ template, label, name, className }: EditAgentProps) {
  const [open, setOpen] = useState(false)
  const [attempt, setAttempt] = useState(0)
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={name}
        onClick={() => {
          setAttempt(attempt + 1)
          setOpen(true)
        }}
      >
        {label}
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title={template ? `Edit ${template.name}` : 'Add an agent'}
        lead="It is started without a shell: the command and its arguments are taken as they are."
      >
        <AgentForm key={attempt} template={template} close={() => setOpen(false)} />
      </FormDialog>
    </>
  )
}

function AgentForm({ template, close }: { template: AgentTemplate | undefined; close: () => void }) {
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
      <Lines label="Arguments" hint="One a line." value={fields.args} onChange={set('args')} />
      <Lines
        label="Environment"
        hint="NAME=value, one a line."
        value={fields.env}
        onChange={set('env')}
        trouble={typeof wanted === 'string' ? wanted : undefined}
      />
      <Lines
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

type LinesProps = {
  label: string
  hint: string
  value: string
  onChange: (value: string) => void
  trouble?: string | undefined
}

function Lines({ label, hint, value, onChange, trouble }: LinesProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="label">
        {label}
      </label>
      <textarea
        id={id}
        className="input field-sizing-content mt-1.5 max-h-40 min-h-11 resize-none font-mono text-sm!"
        spellCheck={false}
        autoCapitalize="off"
        value={value}
        aria-describedby={`${id}-hint`}
        aria-invalid={trouble ? true : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-hint`} className={`mt-1 ${trouble ? 'text-[0.8125rem] text-danger' : 'hint'}`}>
        {trouble ?? hint}
      </p>
    </div>
  )
}
