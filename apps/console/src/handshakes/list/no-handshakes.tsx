import { EmptyState } from '../../ui/empty-state.js'
import type { StateFilter } from '../model/api.js'

/** Why the list is empty, and what to do about it. */
export function NoHandshakes({ filter, words }: { filter: StateFilter; words: string }) {
  if (words.trim())
    return <EmptyState title="Nothing matches.">Try other words, or another filter.</EmptyState>
  if (filter === 'ended')
    return (
      <EmptyState title="None has ended yet.">
        A handshake ends when its time is up or when it is revoked.
      </EmptyState>
    )
  return (
    <EmptyState title={filter === 'open' ? 'No open handshakes.' : 'No handshakes yet.'}>
      <p>A handshake begins when somebody hands a page to an agent.</p>
      <p className="mt-4">
        <a href="/demo" className="btn btn-primary">
          Try it on the demo page
        </a>
      </p>
    </EmptyState>
  )
}
