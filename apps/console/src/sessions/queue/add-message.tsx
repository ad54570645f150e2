import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { FormButton } from '../../ui/form-button.js'
import { TextField } from '../../ui/text-field.js'
import { told } from '../client/problems.js'
import { sessionsClient } from '../client/sessions-client.js'
import { useTemplates } from '../create/use-offers.js'
import { messagesKey } from './messages-key.js'
import { useSessionChoices } from './use-session-choices.js'

/** Puts a prompt into the queue. */
export function AddMessage() {
  return (
    <FormButton className="btn btn-primary" label="Add a message" title="Add a message">
      {(close) => <MessageForm close={close} />}
    </FormButton>
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
      <Choice
        label="Session"
        value={sessionId}
        onChange={setSessionId}
        options={[{ value: '', label: 'A new one' }, ...sessions.map(toOption)]}
      />
      {sessionId === '' && (
        <>
          <Choice
            label="Agent"
            value={agentTemplateId}
            onChange={setTemplateId}
            options={[{ value: '', label: 'The first' }, ...templates.map(toOption)]}
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

const toOption = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name })
