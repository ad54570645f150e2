import { CheckChip } from '../../ui/check-chip.js'
import { Segments } from '../../ui/segments.js'
import { eventTypes } from '../model/event-types.js'

type EventTypeChoiceProps = { chosen: readonly string[]; onChoose: (types: readonly string[]) => void }

/** All events, or those of some types. */
export function EventTypeChoice({ chosen, onChoose }: EventTypeChoiceProps) {
  const isAll = chosen.includes('*')
  return (
    <div>
      <p className="label mb-1.5">Events</p>
      <Segments
        legend="Events"
        options={kinds}
        value={isAll ? 'all' : 'some'}
        onChange={(kind) => onChoose(kind === 'all' ? ['*'] : ['message'])}
      />
      {!isAll && (
        <fieldset className="mt-3 flex flex-wrap gap-1.5">
          <legend className="sr-only">Types of events</legend>
          {eventTypes.map((type) => (
            <CheckChip
              key={type}
              checked={chosen.includes(type)}
              onChange={(isChosen) =>
                onChoose(eventTypes.filter((one) => (one === type ? isChosen : chosen.includes(one))))
              }
            >
              <span className="font-mono text-xs">{type}</span>
            </CheckChip>
          ))}
        </fieldset>
      )}
      {chosen.length === 0 && <p className="mt-1.5 text-[0.8125rem] text-danger">Choose one at least.</p>}
    </div>
  )
}

const kinds: readonly { value: 'all' | 'some'; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'some', label: 'Some' },
]
