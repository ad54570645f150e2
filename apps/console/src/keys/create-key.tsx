import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { createKey } from '../api/account.js'
import { FormDialog } from '../ui/dialog.js'
import { DialogForm } from '../ui/dialog-form.js'
import { ShowSecret } from '../ui/show-secret.js'
import { TextField } from '../ui/text-field.js'

/** Makes a key and shows it, once. */
export function CreateKey({ onCreated }: { onCreated: () => void }) {
  const [open, setOpen] = useState(false)
  const create = useMutation({ mutationFn: createKey, onSuccess: onCreated })
  const start = () => {
    create.reset()
    setOpen(true)
  }
  return (
    <>
      <button type="button" className="btn btn-primary" onClick={start}>
        New key
      </button>
      <FormDialog
        open={open}
        onOpenChange={setOpen}
        title={create.data ? 'Copy your key now' : 'New API key'}
        lead={create.data ? 'It is stored as a hash: nobody can show it to you again.' : undefined}
      >
        {create.data ? (
          <ShowSecret noun="key" testId="new-key" secret={create.data.key} onDone={() => setOpen(false)} />
        ) : (
          <NameForm
            pending={create.isPending}
            error={create.error}
            submit={(name) => create.mutate(name)}
            cancel={() => setOpen(false)}
          />
        )}
      </FormDialog>
    </>
  )
}

type NameFormProps = { pending: boolean; error: unknown; submit: (name: string) => void; cancel: () => void }

function NameForm({ pending, error, submit, cancel }: NameFormProps) {
  const [name, setName] = useState('')
  const send = () => name.trim() && submit(name.trim())
  return (
    <DialogForm action="Create key" pending={pending} error={error} send={send} cancel={cancel}>
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        required
        maxLength={80}
        hint="What will use it, for example “Nightly report”. The key may do what you may do."
      />
    </DialogForm>
  )
}
