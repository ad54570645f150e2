import { formatDuration, secondsLeft, urgency } from '../time/countdown.js'
import { formatTime } from '../time/format-time.js'
import { useClock, useNow } from '../time/use-now.js'

/** A moment; the exact one is in its tooltip. */
export function Moment({ iso }: { iso: string }) {
  const clock = useClock()
  return (
    <time dateTime={iso} title={iso} className="whitespace-nowrap tabular-nums">
      {formatTime(iso, clock.now())}
    </time>
  )
}

/** Time until `deadlineMs`, counting down; `suffix` follows it. */
export function TimeLeft({ deadlineMs, suffix = '' }: { deadlineMs: number; suffix?: string }) {
  const seconds = secondsLeft(deadlineMs, useNow())
  return (
    <span
      data-testid="time-left"
      role="timer"
      className={`whitespace-nowrap tabular-nums ${colour[urgency(seconds)]}`}
    >
      {formatDuration(seconds)}
      {suffix}
    </span>
  )
}

const colour = { calm: '', soon: 'text-edited', now: 'font-medium text-danger' }
