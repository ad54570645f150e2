import type { BotIdentity } from '@parley/relay/protocol'
import { useState } from 'react'
import { DialogForm } from '../../ui/dialog-form.js'
import { FormButton } from '../../ui/form-button.js'
import { TextField } from '../../ui/text-field.js'
import { directChatOf, idOf } from '../model/sim.js'
import { useSimAction } from './use-sim.js'

type NewPersonProps = {
  bot: BotIdentity
  label: string
  name?: string
  className: string
  onMade: (chatId: string) => void
}

/** Adds somebody, with a direct chat with the bot. */
export function NewPerson({ bot, label, name, className, onMade }: NewPersonProps) {
  return (
    <FormButton label={label} name={name} className={className} title="Add a person">
      {(close) => <PersonForm bot={bot} close={close} onMade={onMade} />}
    </FormButton>
  )
}

type PersonFormProps = { bot: BotIdentity; close: () => void; onMade: (chatId: string) => void }

function PersonForm({ bot, close, onMade }: PersonFormProps) {
  const [name, setName] = useState('')
  const [given, setGiven] = useState<string | undefined>(undefined)
  const [isBot, setIsBot] = useState(false)
  const id = given ?? idOf(name)
  const act = useSimAction(bot)
  const send = () => {
    const user = { id: id.trim(), name: name.trim(), ...(isBot && { isBot }) }
    const chat = directChatOf(user)
    const make = async (sim: Parameters<Parameters<typeof act.mutate>[0]>[0]) => {
      await sim.addUser(user)
      await sim.addChat(chat)
    }
    act.mutate(make, {
      onSuccess: () => {
        onMade(chat.id)
        close()
      },
    })
  }
  return (
    <DialogForm action="Add" pending={act.isPending} error={act.error} send={send} cancel={close}>
      <TextField label="Name" value={name} onChange={setName} required maxLength={100} placeholder="Ada" />
      <TextField
        label="Id"
        value={id}
        onChange={setGiven}
        required
        maxLength={100}
        hint="Their platform knows them by it. Links name it."
      />
      <label className="flex items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={isBot}
          onChange={(event) => setIsBot(event.target.checked)}
        />
        It is another bot
      </label>
    </DialogForm>
  )
}
