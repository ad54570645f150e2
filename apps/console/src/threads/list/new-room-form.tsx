import { useState } from 'react'
import { CheckChip } from '../../ui/check-chip.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { TextField } from '../../ui/text-field.js'
import { type Invitable, useDemoAssistants } from '../model/assistants.js'
import { parseTenant, splitList, type Tenant, tenantEntries } from '../model/tenant.js'
import type { NewRoom } from './create-room.js'

type NewRoomFormProps = {
  /** What the list shows now. */
  tenant: Tenant
  pending: boolean
  error: unknown
  submit: (wanted: NewRoom) => void
  cancel: () => void
}

/** What a room is made of. Everything may be left as it is. */
export function NewRoomForm({ tenant, pending, error, submit, cancel }: NewRoomFormProps) {
  const [title, setTitle] = useState('')
  const [entries, setEntries] = useState(tenantEntries(tenant).join(', '))
  const [chosen, setChosen] = useState<readonly Invitable[]>([])
  const [others, setOthers] = useState('')
  const [people, setPeople] = useState('')
  const [trouble, setTrouble] = useState<string | undefined>(undefined)

  const send = () => {
    const wanted = parseTenant(entries)
    setTrouble(typeof wanted === 'string' ? wanted : undefined)
    if (typeof wanted === 'string') return
    const assistants = withOthers(chosen, others)
    submit({ title: title.trim(), tenant: wanted, assistants, people: splitList(people) })
  }
  return (
    <DialogForm action="Create room" pending={pending} error={error} send={send} cancel={cancel}>
      <TextField
        label="Title"
        value={title}
        onChange={setTitle}
        maxLength={120}
        placeholder="Release planning"
      />
      <TextField
        label="Tenant"
        value={entries}
        onChange={setEntries}
        placeholder="org=acme, team=blue"
        trouble={trouble}
        hint="Only who has these entries sees the room. Empty: everybody who is let in."
      />
      <Assistants chosen={chosen} onChoose={setChosen} others={others} onOthers={setOthers} />
      <TextField
        label="People"
        value={people}
        onChange={setPeople}
        placeholder="u_ann, u_ben"
        hint="Ids, as your app signs them in. Separate them with commas."
      />
    </DialogForm>
  )
}

type AssistantsProps = {
  chosen: readonly Invitable[]
  onChoose: (chosen: readonly Invitable[]) => void
  others: string
  onOthers: (ids: string) => void
}

/** Those that come with the server are offered, others are known by their ids. */
function Assistants({ chosen, onChoose, others, onOthers }: AssistantsProps) {
  const demo = useDemoAssistants()
  return (
    <fieldset>
      <legend className="label">Assistants</legend>
      {demo.length > 0 && (
        <div className="mt-1.5 mb-3 flex flex-wrap gap-2">
          {demo.map((one) => (
            <CheckChip
              key={one.id}
              checked={chosen.includes(one)}
              onChange={(isChosen) =>
                onChoose(demo.filter((each) => (each === one ? isChosen : chosen.includes(each))))
              }
            >
              {one.name}
            </CheckChip>
          ))}
        </div>
      )}
      <TextField
        label={demo.length > 0 ? 'Other assistants' : 'Their ids'}
        value={others}
        onChange={onOthers}
        placeholder="summary, translator"
      />
    </fieldset>
  )
}

function withOthers(chosen: readonly Invitable[], others: string): Invitable[] {
  const byId = new Map(splitList(others).map((id) => [id, { id, name: id }]))
  for (const one of chosen) byId.set(one.id, one)
  return [...byId.values()]
}
