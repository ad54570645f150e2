import type { Choice, ConfigOption, SessionSnapshot } from '@parley/sessions/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { told } from '../../client/problems.js'
import { sessionsClient } from '../../client/sessions-client.js'
import { choicesOf, isCovered } from '../../model/config-options.js'
import { useLive } from '../session-context.js'

/** How the agent works: its mode, its model, what else it lets one choose, and whether it asks. */
export function Switches({ state }: { state: SessionSnapshot }) {
  const { modes, models, configOptions } = state
  const live = useLive()
  return (
    <>
      {modes && !isCovered(configOptions, 'mode') && (
        <Select
          name="Mode"
          value={modes.current}
          choices={modes.available}
          choose={(id) => live.setMode(id)}
        />
      )}
      {models && !isCovered(configOptions, 'model') && (
        <Select
          name="Model"
          value={models.current}
          choices={models.available}
          choose={(id) => live.setModel(id)}
        />
      )}
      {configOptions.map((option) => (
        <Option key={option.id} option={option} />
      ))}
      <AutoApprove />
    </>
  )
}

function Option({ option }: { option: ConfigOption }) {
  const live = useLive()
  const { id, name, type, currentValue } = option
  if (type === 'boolean')
    return (
      <Switch
        label={name}
        checked={currentValue === true}
        change={(value) => live.setConfigOption(id, value)}
      />
    )
  return (
    <Select
      name={name}
      value={String(currentValue)}
      choices={choicesOf(option)}
      choose={(value) => live.setConfigOption(id, value)}
    />
  )
}

type SelectProps = {
  name: string
  value: string
  choices: readonly Choice[]
  choose: (id: string) => Promise<void>
}

function Select({ name, value, choices, choose }: SelectProps) {
  const change = useMutation({ mutationFn: (id: string) => told(choose(id)) })
  if (choices.length === 0) return null
  const shown = change.isPending ? change.variables : value
  return (
    <select
      className="composer-select"
      aria-label={name}
      title={change.error ? change.error.message : name}
      aria-invalid={change.error ? true : undefined}
      value={shown}
      onChange={(event) => change.mutate(event.target.value)}
    >
      {!choices.some(({ id }) => id === shown) && <option value={shown}>{shown}</option>}
      {choices.map(({ id, name: label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </select>
  )
}

/** Whether the session answers its questions by itself. */
function AutoApprove() {
  const { id } = useLive()
  const queries = useQueryClient()
  const key = ['sessions', 'settings', id]
  const settings = useQuery({
    queryKey: key,
    queryFn: () => told(sessionsClient().fetchSessionSettings(id)),
  })
  if (!settings.data) return null
  return (
    <Switch
      label="Auto-approve"
      short="Auto"
      checked={settings.data.autoApprovePermissions}
      change={async (autoApprovePermissions) => {
        queries.setQueryData(
          key,
          await sessionsClient().updateSessionSettings(id, { autoApprovePermissions }),
        )
      }}
    />
  )
}

type SwitchProps = {
  label: string
  /** Where there is little room. */
  short?: string
  checked: boolean
  change: (checked: boolean) => Promise<void>
}

function Switch({ label, short = label, checked, change }: SwitchProps) {
  const act = useMutation({ mutationFn: (value: boolean) => told(change(value)) })
  const isOn = act.isPending ? act.variables : checked
  return (
    <label className="composer-switch" title={act.error ? act.error.message : undefined}>
      <input
        type="checkbox"
        role="switch"
        className="sr-only"
        aria-label={label}
        checked={isOn}
        aria-checked={isOn}
        onChange={(event) => act.mutate(event.target.checked)}
      />
      <span aria-hidden="true" className="switch-track" />
      <span className="max-sm:hidden">{label}</span>
      <span className="sm:hidden">{short}</span>
    </label>
  )
}
