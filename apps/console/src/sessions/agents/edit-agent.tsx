import type { AgentTemplate } from '@parley/sessions/protocol'
import { useState } from 'react'
import { FormDialog } from '../../ui/dialog.js'
import { AgentForm } from './agent-form.js'

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
