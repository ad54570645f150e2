import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { FormDialog } from '../../ui/dialog.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { TextField } from '../../ui/text-field.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { useTemplates } from '../create/use-offers.js'
import { messagesKey } from './messages-key.js'
import { useSessionChoices } from './use-session-choices.js'

/** Puts a prompt into the queue. */
export function AddMessage() {
  const [open, setOpen] = useState(false)
  const [attempt, setAttempt] = useState(0)
  return (
    <>
      <button
        type="button"
        className="btn btn-primary"
        onClick={() => {
          setAttempt(attempt + 1)
          setOpen(true)
        }}
      >
        Add a message
      </button>
      <FormDialog open={open} onOpenChange={setOpen} title="Add a message">
        <MessageForm key={attempt} close={() => setOpen(false)} />
      </FormDialog>
    </>
  )
}

function MessageForm({ close }: { close: () => void }) {
  const id = useId()
  const queries = useQueryClient()
  const [text, setText] = useState('')
  const [sessionId, setSessionId] = useState('')
  const [agentTemplateId, setTemplateId] = useState('')
  const [directory, setDirectory] = useState('')
  const sessions = useSessionChoices()
  const templates = useTemplates().data ?? []
  const add = useMutation({
    mutationFn: () => {
      const own = {
        ...(agentTemplateId !== '' && { agentTemplateId }),
        ...(directory.trim() !== '' && { directory: directory.trim() }),
      }
      return told(sessionsClient().enqueueMessage({ text, ...(sessionId === '' ? own : { sessionId }) }))
    },
    onSuccess: async () => {
      close()
      await queries.invalidateQueries({ queryKey: messagesKey })
    },
  })
  return (
    <DialogForm
      action="Add"
      pending={add.isPending || text.trim() === ''}
      error={add.error}
      send={() => add.mutate()}
      cancel={close}
    >
      <div>
        <label htmlFor={`${id}-text`} className="label">
          Prompt
        </label>
        <textarea
          id={`${id}-text`}
          required
          className="input field-sizing-content mt-1.5 max-h-60 min-h-24 resize-none"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Choice label="Session" none="A new one" value={sessionId} onChange={setSessionId} options={sessions} />
      {sessionId === '' && (
        <>
          <Choice
            label="Agent"
            none="The first"
            value={agentTemplateId}
            onChange={setTemplateId}
            options={templates.map((one) => ({ id: one.id, name: one.name }))}
          />
          <TextField
            label="Directory"
            value={directory}
            onChange={setDirectory}
            placeholder="The runtime’s own directory"
          />
        </>
      )}
    </DialogForm>
  )
}

type ChoiceProps = {
  label: string
  none: string
  value: string
  onChange: (id: string) => void
  options: readonly { id: string; name: string }[]
}

function Choice({ label, none, value, onChange, options }: ChoiceProps) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="label">
        {label}
      </label>
      <select
        id={id}
        className="input mt-1.5"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{none}</option>
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.name}
          </option>
        ))}
      </select>
    </div>
  )
}
