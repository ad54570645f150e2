import type { SessionSnapshot } from '@parley/sessions/client'
import { formatDuration } from '../../time/countdown.js'
import { useNow } from '../../time/use-now.js'

type Words = { word: string; name: string; className: string; isBusy?: boolean }

/** How the session stands, in a word. */
export function SessionBadge({ state }: { state: SessionSnapshot }) {
  const { word, name, className, isBusy } = wordsOf(state)
  return (
    <span
      role="status"
      data-testid="session-state"
      data-state={name}
      className={`badge shrink-0 ${className}`}
    >
      <span
        aria-hidden="true"
        className={`size-1.5 rounded-full bg-current ${isBusy ? 'animate-pulse-dot' : ''}`}
      />
      {word}
      {name === 'working' && state.turn && <Elapsed since={state.turn.startedAt} />}
    </span>
  )
}

function wordsOf({ status, pendingPermissions, isProcessing }: SessionSnapshot): Words {
  if (status === 'ended') return { word: 'Ended', name: 'ended', className: '' }
  if (status === 'loading') return { word: 'Connecting…', name: 'connecting', className: '' }
  if (status === 'reconnecting')
    return { word: 'Reconnecting…', name: 'lost', className: 'badge-edited', isBusy: true }
  if (status === 'refused') return { word: 'Not connected', name: 'refused', className: 'badge-danger' }
  if (pendingPermissions.length > 0) return { word: 'Needs you', name: 'asks', className: 'badge-edited' }
  if (isProcessing) return { word: 'Working', name: 'working', className: 'badge-agent', isBusy: true }
  return { word: 'Idle', name: 'idle', className: 'badge-accent' }
}

/** Ticks without being read out each second. */
function Elapsed({ since }: { since: string }) {
  const seconds = Math.floor((useNow() - Date.parse(since)) / 1000)
  if (!(seconds >= 1)) return null
  return (
    <span aria-hidden="true" className="tabular-nums">
      {formatDuration(seconds)}
    </span>
  )
}
