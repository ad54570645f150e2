import { useState } from 'react'
import { FormDialog } from '../../ui/dialog.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { TextField } from '../../ui/text-field.js'
import { sessionsClient } from '../client/sessions-client.js'
import { useRuntimeAction } from './use-runtime-action.js'

/** Starts one more unit, under a name of its own. */
export function StartNamed({ typeName }: { typeName: string }) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const act = useRuntimeAction()
  const send = () =>
    act.mutate(() => sessionsClient().startRuntime(typeName, name.trim() || undefined), {
      onSuccess: () => setOpen(false),
    })
  return (
    <>
      <button type="button" className="btn" onClick={() => setOpen(true)}>
        Start another
      </button>
      <FormDialog open={open} onOpenChange={setOpen} title={`Start ${typeName}`}>
        <DialogForm
          action="Start"
          pending={act.isPending}
          error={act.error}
          send={send}
          cancel={() => setOpen(false)}
        >
          <TextField label="Name" value={name} onChange={setName} maxLength={100} placeholder={typeName} />
        </DialogForm>
      </FormDialog>
    </>
  )
}
