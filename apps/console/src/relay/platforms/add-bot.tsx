import type { PlatformView } from '@parley/relay/protocol'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Choice } from '../../ui/choice.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { FormButton } from '../../ui/form-button.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { TextField } from '../../ui/text-field.js'
import { ask } from '../client/relay-client.js'
import { usePlatforms, useRefreshRelay } from '../live/use-relay.js'
import { type BotFields, botOf, emptyFields, imitated } from '../model/bot-form.js'

/** Adds a bot. `driver`: which is chosen at first. */
export function AddBot({ driver, label = 'Add a bot' }: { driver?: string; label?: string }) {
  return (
    <FormButton
      label={label}
      className="btn btn-primary"
      title="Add a bot"
      lead="Its platform is asked who it is. What you fill in is sealed, and never shown again."
    >
      {(close) => <Offered driver={driver} close={close} />}
    </FormButton>
  )
}

function Offered({ driver, close }: { driver: string | undefined; close: () => void }) {
  const platforms = usePlatforms()
  if (platforms.error) return <ProblemNotice error={platforms.error} retry={() => void platforms.refetch()} />
  if (!platforms.data?.[0]) return <p className="hint mt-4">Loading…</p>
  return <BotForm platforms={platforms.data} driver={driver ?? platforms.data[0].driver} close={close} />
}

type BotFormProps = { platforms: readonly PlatformView[]; driver: string; close: () => void }

function BotForm({ platforms, driver, close }: BotFormProps) {
  const [fields, setFields] = useState(() => emptyFields(driver))
  const set = (change: Partial<BotFields>) => setFields({ ...fields, ...change })
  const refresh = useRefreshRelay()
  const platform = platforms.find((one) => one.driver === fields.driver) ?? platforms[0]!
  const add = useMutation({
    mutationFn: () => ask((relay) => relay.addBot(botOf(fields, platform))),
    onSuccess: async () => {
      close()
      await refresh()
    },
  })
  return (
    <DialogForm
      action="Add bot"
      pending={add.isPending}
      error={add.error}
      send={() => add.mutate()}
      cancel={close}
    >
      <Choice
        label="Platform"
        value={fields.driver}
        onChange={(value) => set({ driver: value })}
        options={platforms.map((one) => ({ value: one.driver, label: nameOf(one.driver) }))}
      />
      {platform.platform === null && <Imitated fields={fields} set={set} />}
      {platform.credentials.map(({ name, about, isOptional }) => (
        <TextField
          key={name}
          label={isOptional ? `${name} (optional)` : name}
          type="password"
          value={fields.credentials[name] ?? ''}
          onChange={(value) => set({ credentials: { ...fields.credentials, [name]: value } })}
          required={!isOptional}
          hint={about}
        />
      ))}
      <TextField
        label="Label"
        value={fields.label}
        onChange={(label) => set({ label })}
        maxLength={100}
        hint="What people call it here. Empty: what its platform says."
      />
      <TextField
        label="Tenants"
        value={fields.tenants}
        onChange={(tenants) => set({ tenants })}
        placeholder="acme, globex"
        hint="Who may use it. Empty: all."
      />
    </DialogForm>
  )
}

function Imitated({ fields, set }: { fields: BotFields; set: (change: Partial<BotFields>) => void }) {
  return (
    <>
      <Choice
        label="It imitates"
        value={fields.platform}
        onChange={(platform) => set({ platform })}
        options={imitated}
      />
      <TextField
        label="Id of the bot"
        value={fields.botId}
        onChange={(botId) => set({ botId })}
        maxLength={100}
        placeholder="7000000001"
        hint="Empty: a new one."
      />
    </>
  )
}

const names: Readonly<Record<string, string>> = {
  sim: 'Simulator',
  telegram: 'Telegram',
  discord: 'Discord',
  slack: 'Slack',
}
const nameOf = (driver: string): string => names[driver] ?? driver
