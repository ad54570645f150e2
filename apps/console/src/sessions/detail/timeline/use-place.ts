import type { TimelineItem } from '@parley/sessions/client'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { earlier, following, type ListWindow, later, latest } from '../../model/window.js'

/** Pixels from the end that still count as the end. */
const nearEnd = 48
/** Pixels from an edge of what is in the page, at which more of it is put there. */
const nearEdge = 600

/**
 * Keeps the reader's place in a list of any length, of which a part is in the page: at the end when it is there, else at
 * what was in view.
 */
export function usePlace(timeline: readonly TimelineItem[]) {
  const count = timeline.length
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const [part, setPart] = useState<ListWindow>(() => latest(count))
  const [isAtEnd, setIsAtEnd] = useState(true)
  // What is true now: observers run before a state is there.
  const atEnd = useRef(true)
  const lastTop = useRef(0)
  const anchor = useRef<{ element: Element; top: number } | undefined>(undefined)

  const window = atEnd.current ? following(part, count) : part
  const note = useCallback((value: boolean) => {
    atEnd.current = value
    setIsAtEnd(value)
  }, [])
  const scrollToEnd = useCallback(() => {
    const { current } = scroller
    if (!current) return
    current.scrollTop = current.scrollHeight
    lastTop.current = current.scrollTop
  }, [])
  const toEnd = useCallback(() => {
    setPart(latest(count))
    note(true)
    scrollToEnd()
  }, [count, note, scrollToEnd])

  const move = (next: ListWindow) => {
    if (next.from === window.from && next.to === window.to) return
    anchor.current = firstInView(scroller.current, list.current)
    setPart(next)
  }
  const onScroll = () => {
    const { current } = scroller
    if (!current) return
    const below = current.scrollHeight - current.scrollTop - current.clientHeight
    const isNear = below <= nearEnd && window.to === null
    const isUp = current.scrollTop < lastTop.current
    // WHY: a list that has just grown tells of a scroll, too. Only who moves up leaves the end.
    if (isNear || isUp) {
      // What was followed until now stays as it is.
      if (!isNear && atEnd.current) setPart(window)
      note(isNear)
    }
    lastTop.current = current.scrollTop
    if (isUp && current.scrollTop < nearEdge && window.from > 0) move(earlier(window, count))
    else if (!isUp && below < nearEdge && window.to !== null) move(later(window, count))
  }

  // Another part is in the page: what was in view stays where it was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the part is what moves the elements
  useLayoutEffect(() => {
    const kept = anchor.current
    anchor.current = undefined
    if (!kept?.element.isConnected || !scroller.current) return
    scroller.current.scrollTop += kept.element.getBoundingClientRect().top - kept.top
    lastTop.current = scroller.current.scrollTop
  }, [part])

  const last = timeline.at(-1)
  const ownKey = last?.kind === 'pending' ? last.key : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: one's own words are shown when they are sent, not later
  useLayoutEffect(() => {
    if (ownKey !== undefined) toEnd()
  }, [ownKey])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the timeline is what moves the end
  useLayoutEffect(() => {
    if (atEnd.current) scrollToEnd()
  }, [timeline, scrollToEnd])
  useEffect(
    () => resizing([list.current, scroller.current], () => atEnd.current && scrollToEnd()),
    [scrollToEnd],
  )
  return { scroller, list, window, isAtEnd, toEnd, onScroll }
}

function firstInView(scroller: Element | null, list: Element | null) {
  const top = scroller?.getBoundingClientRect().top ?? 0
  const element = Array.from(list?.children ?? []).find((one) => one.getBoundingClientRect().bottom > top)
  return element && { element, top: element.getBoundingClientRect().top }
}

/** Code that gets its colours, a panel that opens, a keyboard: heights change without any render. */
function resizing(elements: readonly (Element | null)[], changed: () => void): () => void {
  const observer = new ResizeObserver(changed)
  for (const element of elements) if (element) observer.observe(element)
  return () => observer.disconnect()
}
