import type { Identity } from '@parley/threads/protocol'
import { useState } from 'react'
import { DialogForm } from '../../ui/dialog-form.js'
import { Segments } from '../../ui/segments.js'
import { TextField } from '../../ui/text-field.js'
import { useDemoAssistants } from '../model/assistants.js'
import type { Tenant } from '../model/tenant.js'

type AddMemberFormProps = {
  tenant: Tenant
  /** Ids of who is in already. */
  known: readonly string[]
  pending: boolean
  error: unknown
  submit: (identity: Identity) => void
  cancel: () => void
}

type Kind = 'user' | 'assistant'

/** Who is to be added. An id is enough; the name is what others read. */
export function AddMemberForm({ tenant, known, pending, error, submit, cancel }: AddMemberFormProps) {
  const [kind, setKind] = useState<Kind>('user')
  const [id, setId] = useState('')
  const [name, setName] = useState('')
  const wanted = id.trim()
  const isKnown = known.includes(wanted)
  const send = () => {
    // Of the tenant of the room: members of another one could not see it.
    const metadata = kind === 'user' ? { tenant } : {}
    if (wanted && !isKnown) submit({ role: kind, id: wanted, name: name.trim() || wanted, metadata })
  }
  return (
    <DialogForm action="Add" pending={pending} error={error} send={send} cancel={cancel}>
      <Segments legend="What they are" options={kinds} value={kind} onChange={setKind} />
      {kind === 'assistant' && (
        <Offered
          known={known}
          onPick={(picked) => {
            setId(picked.id)
            setName(picked.name)
          }}
        />
      )}
      <TextField
        label="Id"
        value={id}
        onChange={setId}
        required
        maxLength={255}
        trouble={isKnown ? 'Is in this room already.' : undefined}
        hint={kind === 'user' ? 'As your app signs them in.' : 'As it was registered with the server.'}
      />
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        maxLength={255}
        hint="Optional: what others read."
      />
    </DialogForm>
  )
}

const kinds: readonly { value: Kind; label: string }[] = [
  { value: 'user', label: 'Person' },
  { value: 'assistant', label: 'Assistant' },
]

function Offered({
  known,
  onPick,
}: {
  known: readonly string[]
  onPick: (one: { id: string; name: string }) => void
}) {
  const offered = useDemoAssistants().filter(({ id }) => !known.includes(id))
  if (offered.length === 0) return null
  return (
    <div className="flex flex-wrap gap-2">
      {offered.map((one) => (
        <button
          key={one.id}
          type="button"
          className="btn min-h-8 rounded-full px-3"
          onClick={() => onPick(one)}
        >
          {one.name}
        </button>
      ))}
    </div>
  )
}
