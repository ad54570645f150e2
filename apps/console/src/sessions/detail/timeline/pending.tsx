import type { PendingItem } from '@parley/sessions/client'
import { SessionsClientError } from '@parley/sessions/client'
import { useLive } from '../session-context.js'

/** A prompt on its way, or one that was refused. */
export function PendingEntry({ item: { key, text, state, error } }: { item: PendingItem }) {
  const live = useLive()
  const hasFailed = state === 'failed'
  const why = error instanceof SessionsClientError ? (error.detail ?? error.message) : error?.message
  return (
    <div className="entry-prompt" data-pending={state}>
      <p className="whitespace-pre-wrap">{text}</p>
      {hasFailed && (
        <div role="alert" className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-[0.8125rem]">
          <span className="text-danger [overflow-wrap:anywhere]">Not sent. {why}</span>
          <button type="button" className="link" onClick={() => void live.retry(key).catch(() => undefined)}>
            Try again
          </button>
          <button type="button" className="link" onClick={() => live.discard(key)}>
            Discard
          </button>
        </div>
      )}
    </div>
  )
}
