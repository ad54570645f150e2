import type { TimelineItem } from '@parley/threads/client'
import { useState } from 'react'
import { useThreadSettings, useThreadSnapshot } from './thread-context.js'

/**
 * The key of the first message of somebody else that the reader had not read when the thread was opened. It stays while
 * the thread is open: marking as read moves the mark, and the line would vanish under the reader's eyes.
 */
export function useUnreadKey(timeline: readonly TimelineItem[]): string | undefined {
  const { identityId } = useThreadSettings()
  const { status, reads } = useThreadSnapshot()
  const [mark, setMark] = useState<number | undefined>(undefined)
  const own = identityId === undefined ? undefined : reads[identityId]
  // Set while rendering, so that the mark is taken before anything that is shown moves it.
  if (mark === undefined && status === 'live' && own !== undefined) setMark(own)

  // Who has read nothing yet needs no line above everything.
  if (!mark) return undefined
  const isUnread = (item: TimelineItem): boolean =>
    item.kind === 'message' && item.event.seq > mark && item.event.author.id !== identityId
  return timeline.find(isUnread)?.key
}
