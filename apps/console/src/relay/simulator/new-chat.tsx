import type { BotIdentity, SimChat, SimWorld } from '@parley/relay/protocol'
import { useState } from 'react'
import { CheckChip } from '../../ui/check-chip.js'
import { Choice } from '../../ui/choice.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { FormButton } from '../../ui/form-button.js'
import { Segments } from '../../ui/segments.js'
import { TextField } from '../../ui/text-field.js'
import { chatTitle, idOf } from '../model/sim.js'
import { useSimAction } from './use-sim.js'

type NewChatProps = { bot: BotIdentity; world: SimWorld; onMade: (chatId: string) => void }
type Kind = Exclude<SimChat['type'], 'dm'>

/** Makes a group, a forum, or a thread in one of them. Direct chats come with their person. */
export function NewChat({ bot, world, onMade }: NewChatProps) {
  return (
    <FormButton
      label="New"
      name="New chat"
      className="btn btn-quiet min-h-8 px-2 text-[0.8125rem]"
      title="New chat"
    >
      {(close) => <ChatForm bot={bot} world={world} onMade={onMade} close={close} />}
    </FormButton>
  )
}

function ChatForm({ bot, world, onMade, close }: NewChatProps & { close: () => void }) {
  const [type, setType] = useState<Kind>('group')
  const [name, setName] = useState('')
  const [given, setGiven] = useState<string | undefined>(undefined)
  const [scopeId, setScopeId] = useState(world.scopes[0]?.id ?? '')
  const [members, setMembers] = useState<readonly string[]>([])
  const parents = world.chats.filter((chat) => chat.type === 'group' || chat.type === 'forum')
  const [parentId, setParentId] = useState(parents[0]?.id ?? '')
  const parent = type === 'thread' ? parents.find(({ id }) => id === parentId) : undefined
  const id = given ?? idOf(name)
  const act = useSimAction(bot)
  const send = () => {
    const chat: SimChat = {
      id: id.trim(),
      type,
      name: name.trim(),
      scopeId: parent ? parent.scopeId : scopeId || null,
      parentId: parent?.id ?? null,
      members: parent ? parent.members : members.length > 0 ? [...members] : null,
    }
    act.mutate((sim) => sim.addChat(chat), {
      onSuccess: () => {
        onMade(chat.id)
        close()
      },
    })
  }
  return (
    <DialogForm
      action="Make chat"
      pending={act.isPending || (type === 'thread' && !parent)}
      error={act.error}
      send={send}
      cancel={close}
    >
      <Segments legend="Kind" options={kinds} value={type} onChange={setType} />
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        required
        maxLength={100}
        placeholder="general"
      />
      <TextField label="Id" value={id} onChange={setGiven} required maxLength={100} />
      {type === 'thread' ? (
        <Choice
          label="In"
          value={parentId}
          onChange={setParentId}
          options={parents.map((chat) => ({ value: chat.id, label: chatTitle(chat) }))}
          hint={parents.length === 0 ? 'There is no group or forum yet.' : undefined}
        />
      ) : (
        <>
          <Choice
            label="Scope"
            value={scopeId}
            onChange={setScopeId}
            options={[
              ...world.scopes.map((scope) => ({ value: scope.id, label: scope.name })),
              { value: '', label: 'None' },
            ]}
          />
          <Members world={world} chosen={members} onChoose={setMembers} />
        </>
      )}
    </DialogForm>
  )
}

const kinds: readonly { value: Kind; label: string }[] = [
  { value: 'group', label: 'Group' },
  { value: 'forum', label: 'Forum' },
  { value: 'thread', label: 'Thread' },
]

type MembersProps = {
  world: SimWorld
  chosen: readonly string[]
  onChoose: (ids: readonly string[]) => void
}

function Members({ world, chosen, onChoose }: MembersProps) {
  if (world.users.length === 0) return null
  return (
    <fieldset>
      <legend className="label">Who may view it</legend>
      <div className="mt-1.5 flex flex-wrap gap-2">
        {world.users.map(({ id, name }) => (
          <CheckChip
            key={id}
            checked={chosen.includes(id)}
            onChange={(isChosen) => onChoose(isChosen ? [...chosen, id] : chosen.filter((one) => one !== id))}
          >
            {name}
          </CheckChip>
        ))}
      </div>
      <p className="hint mt-1.5">Nobody chosen: everybody of the scope.</p>
    </fieldset>
  )
}
