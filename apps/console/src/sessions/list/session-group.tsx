import { useId, useState } from 'react'
import type { SessionGroup } from '../model/session-list.js'
import { SessionRow } from './session-row.js'

/** Ended ones pile up: this many are shown at first. */
const shownEnded = 10

/** Sessions in the same state. */
export function SessionGroupList({ group: { state, sessions } }: { group: SessionGroup }) {
  const id = useId()
  const [isWhole, setIsWhole] = useState(false)
  const shown = state === 'ended' && !isWhole ? sessions.slice(0, shownEnded) : sessions
  return (
    <section aria-labelledby={id} data-testid="session-group" data-state={state}>
      <h2 id={id} className="mb-2 flex items-center gap-2 text-sm font-semibold text-soft">
        {names[state]}
        <span className="font-normal tabular-nums">{sessions.length}</span>
      </h2>
      <ul className="card divide-y divide-line overflow-clip">
        {shown.map((one) => (
          <SessionRow key={one.session.id} one={one} state={state} />
        ))}
      </ul>
      {shown.length < sessions.length && (
        <button type="button" className="btn btn-quiet mt-2" onClick={() => setIsWhole(true)}>
          Show all {sessions.length}
        </button>
      )}
    </section>
  )
}

const names = { asks: 'Needs you', working: 'Working', idle: 'Idle', ended: 'Ended' }
