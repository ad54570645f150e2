import { Moment } from '../../ui/time.js'
import { describeEvent, type Tone } from '../model/describe-event.js'
import type { StreamEvent } from '../model/stream-event.js'

const dots: Record<Tone, string> = {
  agent: 'bg-agent',
  person: 'bg-person',
  edited: 'bg-edited',
  neutral: 'bg-line-strong',
  ended: 'bg-danger',
}

/** One event as a sentence; the exact record unfolds below it. */
export function EventRow({ event, labelOf }: { event: StreamEvent; labelOf: (key: string) => string }) {
  const { sentence, tone } = describeEvent(event, labelOf)
  return (
    <li data-testid="event" data-seq={event.seq} data-type={event.type} className="text-sm">
      <details className="group">
        <summary className="flex list-none flex-wrap items-baseline gap-x-3 gap-y-0.5 px-5 py-2.5 hover:bg-sunken [&::-webkit-details-marker]:hidden">
          <span aria-hidden="true" className={`size-2 shrink-0 -translate-y-px rounded-full ${dots[tone]}`} />
          <span className="min-w-0 flex-1 basis-44 [overflow-wrap:anywhere]">{sentence}</span>
          <span className="hint ml-auto flex shrink-0 gap-2">
            <Moment iso={event.at} />
            <span className="min-w-7 text-right tabular-nums">#{event.seq}</span>
          </span>
        </summary>
        <pre className="code-block mx-5 mb-3 max-h-80">{JSON.stringify(event.raw, null, 2)}</pre>
      </details>
    </li>
  )
}
