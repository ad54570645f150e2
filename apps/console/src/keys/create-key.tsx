import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { createKey } from '../api/account.js'
import { CopyButton } from '../ui/copy-button.js'
import { DialogActions, FormDialog } from '../ui/dialog.js'
import { ProblemNotice } from '../ui/problem-notice.js'

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
          <ShowKey secret={create.data.key} onDone={() => setOpen(false)} />
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
    <form
      className="mt-4"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <label className="label" htmlFor="key-name">
        Name
      </label>
      <input
        id="key-name"
        className="input mt-1.5"
        value={name}
        onChange={(event) => setName(event.target.value)}
        aria-describedby="key-name-hint"
        maxLength={80}
        autoComplete="off"
        required
      />
      <p id="key-name-hint" className="hint mt-1.5">
        What will use it, for example “Nightly report”. The key may do what you may do.
      </p>
      {error != null && (
        <div className="mt-4">
          <ProblemNotice error={error} />
        </div>
      )}
      <DialogActions>
        <button type="button" className="btn" onClick={cancel}>
          Cancel
        </button>
        <button type="submit" className="btn btn-primary" disabled={pending}>
          Create key
        </button>
      </DialogActions>
    </form>
  )
}

function ShowKey({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <>
      <output data-testid="new-key" className="code-block mt-4 block break-all select-all">
        {secret}
      </output>
      <DialogActions>
        <CopyButton text={secret} label="Copy key" className="btn btn-primary" />
        <button type="button" className="btn" onClick={onDone}>
          Done
        </button>
      </DialogActions>
    </>
  )
}
