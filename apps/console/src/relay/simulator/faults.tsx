import type { BotIdentity, SimFaults } from '@parley/relay/protocol'
import { useId, useState } from 'react'
import { Section } from '../../threads/detail/section.js'
import { ProblemNotice } from '../../ui/problem-notice.js'
import { percent } from '../model/sim.js'
import { useSimAction } from './use-sim.js'

/** What goes wrong on purpose. Each takes effect at once. */
export function Faults({ bot, faults: known }: { bot: BotIdentity; faults: SimFaults }) {
  const act = useSimAction(bot)
  const [wanted, setWanted] = useState<Partial<SimFaults>>({})
  // What was chosen shows at once.
  const faults = act.isPending ? { ...known, ...wanted } : known
  const change = (next: Partial<SimFaults>) => {
    setWanted(next)
    act.mutate((sim) => sim.faults(next))
  }
  return (
    <Section title="What goes wrong">
      <div className="flex flex-col gap-2.5 px-4 py-3" data-testid="faults">
        <label className="flex min-h-8 items-center justify-between gap-3">
          The platform is down
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={faults.outage}
            disabled={act.isPending}
            onChange={(event) => change({ outage: event.target.checked })}
          />
        </label>
        {shares.map(({ name, label }) => (
          <Pick
            key={name}
            label={label}
            value={faults[name]}
            choices={[0, 0.1, 0.25, 0.5, 1]}
            words={(share) => (share === 0 ? 'Never' : percent(share))}
            onPick={(share) => change({ [name]: share })}
          />
        ))}
        <Pick
          label="Calls a second in a chat"
          value={faults.callsPerSecond}
          choices={[0, 0.2, 1, 5]}
          words={(calls) => (calls === 0 ? 'As usual' : String(calls))}
          onPick={(callsPerSecond) => change({ callsPerSecond })}
        />
        {act.error && <ProblemNotice error={act.error} />}
      </div>
    </Section>
  )
}

const shares = [
  { name: 'ambiguousShare', label: 'Done, but no answer' },
  { name: 'duplicateShare', label: 'Messages come twice' },
  { name: 'reorderShare', label: 'Messages come late' },
] as const

type PickProps = {
  label: string
  value: number
  choices: readonly number[]
  words: (value: number) => string
  onPick: (value: number) => void
}

function Pick({ label, value, choices, words, onPick }: PickProps) {
  const id = useId()
  // A test may have set any number.
  const all = [...new Set([...choices, value])].sort((one, other) => one - other)
  return (
    <div className="flex items-center justify-between gap-3">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input min-h-8 w-auto shrink-0 py-1 text-sm!"
        value={String(value)}
        onChange={(event) => onPick(Number(event.target.value))}
      >
        {all.map((choice) => (
          <option key={choice} value={String(choice)}>
            {words(choice)}
          </option>
        ))}
      </select>
    </div>
  )
}
