import { useState } from 'react'
import { useAction } from '../hooks/use-action.js'
import { Failure } from './failure.js'
import { useThreadSettings } from './thread-context.js'

/** Lets a person agree to a call of a tool, or not. The server refuses whoever may not. */
export function Approval({ callId }: { callId: string }) {
  const { labels, actions } = useThreadSettings()
  const [reason, setReason] = useState('')
  const decide = useAction((isApproved: boolean) => {
    const given = reason.trim() || undefined
    return isApproved ? actions.approve(callId, given) : actions.reject(callId, given)
  })
  return (
    <div data-parley-approval="">
      <input
        type="text"
        aria-label={labels.reason}
        placeholder={labels.reason}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button
        type="button"
        data-parley-approve=""
        disabled={decide.isBusy}
        onClick={() => void decide.run(true)}
      >
        {labels.approve}
      </button>
      <button
        type="button"
        data-parley-reject=""
        disabled={decide.isBusy}
        onClick={() => void decide.run(false)}
      >
        {labels.reject}
      </button>
      <Failure error={decide.error} />
    </div>
  )
}
