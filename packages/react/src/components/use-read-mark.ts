import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useThreadSettings, useThreadSnapshot } from './thread-context.js'

/** Marks the newest event as read while `isInView`, the page is visible and the thread is live. */
export function useReadMark(isInView: boolean): void {
  const { actions, identityId } = useThreadSettings()
  const { status, events, reads } = useThreadSnapshot()
  const isVisible = useSyncExternalStore(onVisibility, readVisibility, () => false)
  const asked = useRef(0)
  const newest = events.at(-1)?.seq ?? 0
  const known = identityId === undefined ? 0 : (reads[identityId] ?? 0)

  useEffect(() => {
    if (!isInView || !isVisible || status !== 'live' || newest <= Math.max(known, asked.current)) return
    asked.current = newest
    // A reader without a mark (no member, or a server without marks) is refused once for each event; nothing is lost.
    actions.markRead(newest).catch(() => {})
  }, [isInView, isVisible, status, newest, known, actions])
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}

const readVisibility = (): boolean => document.visibilityState === 'visible'
