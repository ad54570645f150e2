import type { TimelineItem } from '@parley/threads/client'
import { Fragment } from 'react'
import { useAction } from '../hooks/use-action.js'
import { Failure } from './failure.js'
import { Item } from './item.js'
import { useThreadSettings, useThreadSnapshot } from './thread-context.js'
import { useReadMark } from './use-read-mark.js'
import { useScroll } from './use-scroll.js'
import { useUnreadKey } from './use-unread-key.js'

export type TimelineProps = {
  /** Types of events that are not worth a line. Default: `run.started` and `run.completed`. */
  hiddenNotices?: readonly string[]
  /** Marks as read what is shown while the end of the timeline is in view. Default true. */
  isMarkingRead?: boolean
}

const defaultHidden = ['run.started', 'run.completed']

/**
 * What was said and done, oldest first. Give `[data-parley-scroller]` a height and `overflow: auto`: it stays at the end
 * when it is there, and where the reader is otherwise.
 */
export function Timeline({ hiddenNotices = defaultHidden, isMarkingRead = true }: TimelineProps) {
  const { labels } = useThreadSettings()
  const { timeline, status, hasOlder } = useThreadSnapshot()
  const scroll = useScroll(timeline)
  const unreadKey = useUnreadKey(timeline)
  useReadMark(isMarkingRead && scroll.isAtEnd)
  const older = useOlder()
  const isQuiet = status === 'loading' || older.isBusy

  return (
    <div data-parley-timeline="">
      {/* WHY off now and then: what is read from the past is no news. */}
      <div
        ref={scroll.scroller}
        onScroll={scroll.onScroll}
        data-parley-scroller=""
        role="log"
        aria-label={labels.timeline}
        aria-live={isQuiet ? 'off' : 'polite'}
        // The one style of this package, and no look: the browser's own anchoring would move the text a second time.
        style={{ overflowAnchor: 'none' }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys must be able to scroll it
        tabIndex={0}
      >
        {hasOlder && (
          <button
            type="button"
            data-parley-load-older=""
            disabled={older.isBusy}
            onClick={() => void older.run()}
          >
            {older.isBusy ? labels.loadingOlder : labels.loadOlder}
          </button>
        )}
        <Failure error={older.error} />
        {timeline.length === 0 && status === 'live' && <p data-parley-empty="">{labels.empty}</p>}
        <ol ref={scroll.list}>
          {timeline
            .filter((item) => !isHidden(item, hiddenNotices))
            .map((item) => (
              <Fragment key={item.key}>
                {item.key === unreadKey && <li data-parley-unread="">{labels.unread}</li>}
                <Item item={item} />
              </Fragment>
            ))}
        </ol>
      </div>
      {!scroll.isAtEnd && (
        <button type="button" data-parley-jump="" onClick={scroll.toEnd}>
          {labels.jumpToNewest}
        </button>
      )}
    </div>
  )
}

function useOlder() {
  const { actions } = useThreadSettings()
  return useAction(() => actions.loadOlder())
}

function isHidden(item: TimelineItem, hiddenNotices: readonly string[]): boolean {
  return item.kind === 'notice' && hiddenNotices.includes(item.event.type)
}
