import type { BotIdentity, SimScope, SimWorld } from '@parley/relay/protocol'
import { useState } from 'react'
import { CheckChip } from '../../ui/check-chip.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { FormButton } from '../../ui/form-button.js'
import { TextField } from '../../ui/text-field.js'
import { idOf } from '../model/sim.js'
import { useSimAction } from './use-sim.js'

type EditScopeProps = { bot: BotIdentity; world: SimWorld; scope?: SimScope }

/** Makes a scope (a guild, a workspace), or changes who is in one. */
export function EditScope({ bot, world, scope }: EditScopeProps) {
  return (
    <FormButton
      label={scope ? 'Edit' : 'New'}
      name={scope ? `Edit ${scope.name}` : 'New scope'}
      className="btn btn-quiet min-h-8 px-2 text-[0.8125rem]"
      title={scope ? `Edit ${scope.name}` : 'New scope'}
      lead="What chats have in common on a platform: a guild, a workspace."
    >
      {(close) => <ScopeForm bot={bot} world={world} scope={scope} close={close} />}
    </FormButton>
  )
}

function ScopeForm({ bot, world, scope, close }: EditScopeProps & { close: () => void }) {
  const [name, setName] = useState(scope?.name ?? '')
  const [given, setGiven] = useState<string | undefined>(scope?.id)
  const [members, setMembers] = useState<readonly string[]>(
    () => scope?.members ?? world.users.map(({ id }) => id),
  )
  const id = given ?? idOf(name)
  const act = useSimAction(bot)
  const send = () =>
    act.mutate((sim) => sim.addScope({ id: id.trim(), name: name.trim(), members: [...members] }), {
      onSuccess: close,
    })
  return (
    <DialogForm
      action={scope ? 'Save' : 'Make scope'}
      pending={act.isPending}
      error={act.error}
      send={send}
      cancel={close}
    >
      <TextField label="Name" value={name} onChange={setName} required maxLength={100} placeholder="Guild" />
      {!scope && <TextField label="Id" value={id} onChange={setGiven} required maxLength={100} />}
      {world.users.length > 0 && (
        <fieldset>
          <legend className="label">Members</legend>
          <div className="mt-1.5 flex flex-wrap gap-2">
            {world.users.map((user) => (
              <CheckChip
                key={user.id}
                checked={members.includes(user.id)}
                onChange={(isChosen) =>
                  setMembers(isChosen ? [...members, user.id] : members.filter((one) => one !== user.id))
                }
              >
                {user.name}
              </CheckChip>
            ))}
          </div>
        </fieldset>
      )}
    </DialogForm>
  )
}
