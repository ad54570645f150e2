import type { AgentTemplate } from '@parley/sessions/protocol'
import { FormButton } from '../../ui/form-button.js'
import { AgentForm } from './agent-form.js'

type EditAgentProps = {
  /** Absent: a new one. */
  template?: AgentTemplate
  label: string
  name?: string
  className: string
}

/** Adds an agent, or changes one. */
export function EditAgent({ template, ...button }: EditAgentProps) {
  return (
    <FormButton
      {...button}
      title={template ? `Edit ${template.name}` : 'Add an agent'}
      lead="It is started without a shell: the command and its arguments are taken as they are."
    >
      {(close) => <AgentForm template={template} close={close} />}
    </FormButton>
  )
}
