import type { SessionSnapshot } from '@parley/sessions/client'
import { EntryItem } from './item.js'
import { usePlace } from './use-place.js'

/** What was said and done. */
export function Timeline({ state }: { state: SessionSnapshot }) {
  const { timeline, isProcessing, isTruncated, status, pendingPermissions } = state
  const isQuiet = isProcessing && pendingPermissions.length === 0 && timeline.at(-1)?.kind !== 'message'
  const { scroller, list, window, isAtEnd, toEnd, onScroll } = usePlace(timeline)
  const shown = timeline.slice(window.from, window.to ?? timeline.length)
  return (
    <div className="timeline">
      <section
        ref={scroller}
        className="timeline-scroller"
        aria-label="What happened"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        {isTruncated && window.from === 0 && (
          <p className="hint pb-4 text-center">The beginning was not kept.</p>
        )}
        {timeline.length === 0 && status === 'live' && (
          <p className="timeline-empty">The agent is ready. Tell it what to do.</p>
        )}
        <ol ref={list} className="timeline-list" data-testid="timeline">
          {shown.map((item, at) => (
            <EntryItem
              key={item.key}
              item={item}
              isStreaming={isProcessing && window.from + at === timeline.length - 1}
            />
          ))}
        </ol>
        {isQuiet && window.to === null && (
          <p className="timeline-working" aria-hidden="true">
            <i />
            <i />
            <i />
          </p>
        )}
      </section>
      {!isAtEnd && (
        <button type="button" className="btn timeline-jump" onClick={toEnd}>
          Jump to latest
        </button>
      )}
    </div>
  )
}
