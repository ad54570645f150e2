import { useId, useState } from 'react'
import { CheckChip } from '../../ui/check-chip.js'
import { DialogForm } from '../../ui/dialog-form.js'
import { TextField } from '../../ui/text-field.js'
import { useBots, useTenants } from '../live/use-relay.js'
import { botName, botTitle } from '../model/bot.js'
import { type GatewayFields, usableBy } from './gateway-fields.js'

type EnrolFormProps = {
  tenant: string
  pending: boolean
  error: unknown
  submit: (fields: GatewayFields) => void
  cancel: () => void
}

/** Whose gateway it is, and what it fronts. Only the tenant has to be named. */
export function EnrolForm({ tenant, pending, error, submit, cancel }: EnrolFormProps) {
  const [fields, setFields] = useState<GatewayFields>({
    tenant,
    gatewayId: '',
    instanceId: '',
    displayName: '',
    wakeUrl: '',
    bots: undefined,
  })
  const set = (change: Partial<GatewayFields>) => setFields({ ...fields, ...change })
  return (
    <DialogForm action="Enrol" pending={pending} error={error} send={() => submit(fields)} cancel={cancel}>
      <TenantField value={fields.tenant} onChange={(value) => set({ tenant: value, bots: undefined })} />
      <TextField
        label="Id"
        value={fields.gatewayId}
        onChange={(gatewayId) => set({ gatewayId })}
        maxLength={255}
        placeholder="gw-1"
        hint="Empty: a new one. One that is there gets a new secret."
      />
      <TextField
        label="Agent"
        value={fields.instanceId}
        onChange={(instanceId) => set({ instanceId })}
        maxLength={255}
        hint="The agent it belongs to. Empty: one of its own."
      />
      <TextField
        label="Name of the agent"
        value={fields.displayName}
        onChange={(displayName) => set({ displayName })}
        maxLength={100}
      />
      <TextField
        label="Wake address"
        type="url"
        value={fields.wakeUrl}
        onChange={(wakeUrl) => set({ wakeUrl })}
        maxLength={2048}
        placeholder="https://…"
        hint="Asked once when something comes for the agent while it sleeps."
      />
      <Fronts fields={fields} onChoose={(bots) => set({ bots })} />
    </DialogForm>
  )
}

/** Any name is a tenant; those that are known are offered. */
export function TenantField({ value, onChange }: { value: string; onChange: (tenant: string) => void }) {
  const id = useId()
  const tenants = useTenants().data ?? []
  return (
    <div>
      <label htmlFor={id} className="label">
        Tenant
      </label>
      <input
        id={id}
        className="input mt-1.5"
        list={`${id}-known`}
        value={value}
        required
        maxLength={255}
        placeholder="acme"
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={`${id}-known`}>
        {tenants.map(({ tenant }) => (
          <option key={tenant} value={tenant} />
        ))}
      </datalist>
    </div>
  )
}

type FrontsProps = { fields: GatewayFields; onChoose: (bots: GatewayFields['bots']) => void }

function Fronts({ fields: { tenant, bots }, onChoose }: FrontsProps) {
  const usable = usableBy(tenant, useBots().data ?? [])
  if (usable.length < 2) return null
  const isChosen = (name: string) => bots === undefined || bots.some((bot) => botName(bot) === name)
  return (
    <fieldset>
      <legend className="label">Bots it fronts</legend>
      <div className="mt-1.5 flex flex-wrap gap-2">
        {usable.map((bot) => (
          <CheckChip
            key={botName(bot)}
            checked={isChosen(botName(bot))}
            onChange={(checked) => {
              const rest = usable.filter((one) => one !== bot && isChosen(botName(one)))
              onChoose((checked ? [...rest, bot] : rest).map(({ platform, botId }) => ({ platform, botId })))
            }}
          >
            {botTitle(bot)}
          </CheckChip>
        ))}
      </div>
    </fieldset>
  )
}
