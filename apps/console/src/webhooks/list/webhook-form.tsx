import { useState } from 'react'
import { parseTenant } from '../../threads/model/tenant.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { Segments } from '../../ui/segments.js'
import { TextField } from '../../ui/text-field.js'
import type { NewWebhook } from '../model/api.js'
import { EventTypeChoice } from './event-type-choice.js'

type WebhookFormProps = {
  pending: boolean
  error: unknown
  submit: (wanted: NewWebhook) => void
  cancel: () => void
}

type Of = 'all' | 'tenant' | 'room'

/** Where to send what, and of which rooms. */
export function WebhookForm({ pending, error, submit, cancel }: WebhookFormProps) {
  const [url, setUrl] = useState('')
  const [description, setDescription] = useState('')
  const [types, setTypes] = useState<readonly string[]>(['*'])
  const [of, setOf] = useState<Of>('all')
  const [tenant, setTenant] = useState('')
  const [roomId, setRoomId] = useState('')
  const [trouble, setTrouble] = useState<string | undefined>(undefined)

  const send = () => {
    const wanted = of === 'tenant' ? parseTenant(tenant) : null
    setTrouble(typeof wanted === 'string' ? wanted : undefined)
    if (typeof wanted === 'string' || types.length === 0) return
    submit({
      url: url.trim(),
      description: description.trim(),
      eventTypes: types,
      tenant: wanted,
      roomId: of === 'room' ? roomId.trim() : null,
    })
  }
  return (
    <DialogForm action="Create webhook" pending={pending} error={error} send={send} cancel={cancel}>
      <TextField
        label="Address"
        type="url"
        value={url}
        onChange={setUrl}
        required
        maxLength={2048}
        placeholder="https://crm.example.com/parley"
      />
      <TextField label="Description" value={description} onChange={setDescription} maxLength={500} />
      <EventTypeChoice chosen={types} onChoose={setTypes} />
      <div>
        <p className="label mb-1.5">Of which rooms</p>
        <Segments legend="Of which rooms" options={ofs} value={of} onChange={setOf} />
      </div>
      {of === 'tenant' && (
        <TextField
          label="Tenant"
          value={tenant}
          onChange={setTenant}
          placeholder="org=acme, team=blue"
          trouble={trouble}
          hint="The rooms that somebody with these entries sees, public ones too."
        />
      )}
      {of === 'room' && (
        <TextField label="Id of the room" value={roomId} onChange={setRoomId} required placeholder="th_…" />
      )}
    </DialogForm>
  )
}

const ofs: readonly { value: Of; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'tenant', label: 'A tenant’s' },
  { value: 'room', label: 'One' },
]
