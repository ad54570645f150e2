// What a page knows of a stream: a window of events, the cursor, and where history ended and live began.

import type { StreamEvent } from './stream-event.js'

export type StreamState = {
  /** Oldest first, at most `keep` of them. */
  readonly events: readonly StreamEvent[]
  /** Number of the last event seen: where to resume. */
  readonly cursor: number
  /** Number up to which events were history; null until the server said "caught up". */
  readonly liveAfter: number | null
  /** First event that still exists, when older ones were trimmed from the log. */
  readonly historyGone: number | null
  /** The whole stream was removed. */
  readonly gone: boolean
  readonly keep: number
}

export type StreamNews =
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'caught_up'; readonly seq: number }
  | { readonly kind: 'history_gone'; readonly first: number }
  | { readonly kind: 'gone' }

/** A stream read from after `after`, of which the newest `keep` events stay in memory. */
export function emptyStream(after: number, keep: number): StreamState {
  return { events: [], cursor: after, liveAfter: null, historyGone: null, gone: false, keep }
}

/** Takes what arrived, in order. Events that were seen before change nothing. */
export function takeNews(state: StreamState, news: readonly StreamNews[]): StreamState {
  return news.reduce(takeOne, state)
}

function takeOne(state: StreamState, news: StreamNews): StreamState {
  switch (news.kind) {
    case 'event':
      return news.event.seq <= state.cursor ? state : append(state, news.event)
    case 'caught_up':
      // A reconnect says it again; what arrived live before stays live.
      return { ...state, liveAfter: state.liveAfter ?? news.seq }
    case 'history_gone':
      return { ...state, historyGone: news.first, cursor: Math.max(state.cursor, news.first - 1) }
    case 'gone':
      return { ...state, gone: true }
  }
}

function append(state: StreamState, event: StreamEvent): StreamState {
  return { ...state, events: [...state.events, event].slice(-state.keep), cursor: event.seq }
}

/** How many events exist before the oldest one in the window. */
export function countEarlier(state: StreamState): number {
  const first = state.events[0]?.seq ?? state.cursor + 1
  return Math.max(0, first - (state.historyGone ?? 1))
}
