import type { TimelineItem } from '@parley/threads/client'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

// Pixels from the end that still count as the end.
const nearEnd = 48

/**
 * Keeps the reader's place: at the end when it is there or after a message of one's own, else at the text that was in
 * view, also when older entries come in above it.
 */
export function useScroll(timeline: readonly TimelineItem[]) {
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const [isAtEnd, setIsAtEnd] = useState(true)
  // What is true now: effects and observers run before a state is there.
  const atEnd = useRef(true)
  const lastTop = useRef(0)
  const first = useRef<{ element: Element | null; top: number }>({ element: null, top: 0 })

  const note = useCallback((value: boolean) => {
    atEnd.current = value
    setIsAtEnd(value)
  }, [])
  const toEnd = useCallback(() => {
    const { current } = scroller
    if (current) {
      current.scrollTop = current.scrollHeight
      lastTop.current = current.scrollTop
    }
    note(true)
  }, [note])
  const onScroll = useCallback(() => {
    const { current } = scroller
    if (!current) return
    const isNear = current.scrollHeight - current.scrollTop - current.clientHeight <= nearEnd
    // WHY: a list that has just grown tells of a scroll, too. Only who moves up leaves the end.
    if (isNear || current.scrollTop < lastTop.current) note(isNear)
    lastTop.current = current.scrollTop
  }, [note])

  const last = timeline.at(-1)
  const ownKey = last?.kind === 'pending' ? last.key : undefined
  useLayoutEffect(() => {
    if (ownKey !== undefined) toEnd()
  }, [ownKey, toEnd])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the timeline is what moves the elements
  useLayoutEffect(() => {
    const { element, top } = first.current
    const view = scroller.current
    if (atEnd.current) toEnd()
    else if (view && element?.isConnected) view.scrollTop += topOf(element) - top
    const now = list.current?.querySelector(':scope > [data-parley-item]') ?? null
    first.current = { element: now, top: topOf(now) }
  }, [timeline, toEnd])

  useEffect(() => growing(list.current, () => atEnd.current && toEnd()), [toEnd])

  return { scroller, list, isAtEnd, toEnd, onScroll }
}

function topOf(element: Element | null): number {
  return element instanceof HTMLElement ? element.offsetTop : 0
}

/** Pictures that load and code that gets its colours change the height without any render. */
function growing(element: Element | null, grown: () => void): (() => void) | undefined {
  if (!element || typeof ResizeObserver === 'undefined') return undefined
  const observer = new ResizeObserver(grown)
  observer.observe(element)
  return () => observer.disconnect()
}
