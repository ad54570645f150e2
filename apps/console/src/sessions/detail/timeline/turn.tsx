import type { TurnItem } from '@parley/sessions/client'
import { formatDuration } from '../../../time/countdown.js'
import { Moment } from '../../../ui/time.js'
import { turnEnding } from '../../model/ending.js'

/** The end of a turn: how long it took, and how it ended when that is worth a word. */
export function TurnEntry({ item: { at, startedAt, stopReason, error } }: { item: TurnItem }) {
  const seconds = Math.round((Date.parse(at) - Date.parse(startedAt)) / 1000)
  const ending = turnEnding(stopReason)
  return (
    <div className="entry-turn" data-testid="turn-end" data-reason={stopReason}>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {ending && <span className={error ? 'text-danger' : 'text-ink'}>{ending}</span>}
        {error && <span className="text-danger">: {error}</span>}
        {ending && ' · '}
        {seconds >= 1 && `${formatDuration(seconds)} · `}
        <Moment iso={at} />
      </span>
    </div>
  )
}
