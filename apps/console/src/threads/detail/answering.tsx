import type { ThreadMember } from '@parley/threads/protocol'
import { type RefObject, useEffect, useState } from 'react'
import { CheckChip } from '../../ui/check-chip.js'

type AnsweringProps = { members: readonly ThreadMember[]; recipients: RefObject<readonly string[]> }

/**
 * Which assistants answer what is written. An only one does unless somebody says otherwise; of several, none: who asks all
 * of them means it.
 */
export function Answering({ members, recipients }: AnsweringProps) {
  const assistants = members.filter(({ identity }) => identity.role === 'assistant')
  const [choices, setChoices] = useState<Readonly<Record<string, boolean>>>({})
  const chosen = assistants
    .map(({ identity_id }) => identity_id)
    .filter((id) => choices[id] ?? assistants.length === 1)
  useEffect(() => {
    recipients.current = chosen
  })

  if (assistants.length === 0) return null
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">Who answers</legend>
      <span aria-hidden="true" className="hint">
        Answered by
      </span>
      {assistants.map(({ identity_id, identity }) => (
        <CheckChip
          key={identity_id}
          checked={chosen.includes(identity_id)}
          onChange={(isChosen) => setChoices({ ...choices, [identity_id]: isChosen })}
        >
          {identity.name || identity_id}
        </CheckChip>
      ))}
    </fieldset>
  )
}
