import { describe, expect, it } from 'vitest'
import type { StreamEvent } from './stream-event.js'
import { countEarlier, emptyStream, type StreamNews, takeNews } from './stream-state.js'

describe('the state of a stream', () => {
  it('moves its cursor with every event', () => {
    const state = takeNews(emptyStream(4, 100), [news(5), news(6)])

    expect(state.cursor).toBe(6)
    expect(numbers(state.events)).toEqual([5, 6])
  })

  it('drops events that a reconnect repeats', () => {
    const before = takeNews(emptyStream(0, 100), [news(1), news(2)])

    const after = takeNews(before, [news(2), news(3)])

    expect(numbers(after.events)).toEqual([1, 2, 3])
  })

  it('keeps the first "caught up", so that live events stay marked after a reconnect', () => {
    const state = takeNews(emptyStream(0, 100), [
      news(1),
      { kind: 'caught_up', seq: 1 },
      news(2),
      { kind: 'caught_up', seq: 2 },
    ])

    expect(state.liveAfter).toBe(1)
  })

  it('keeps the newest events only, and says how many came before', () => {
    const state = takeNews(emptyStream(0, 2), [news(1), news(2), news(3), news(4)])

    expect(numbers(state.events)).toEqual([3, 4])
    expect(countEarlier(state)).toBe(2)
  })

  it('counts what was skipped by starting late', () => {
    expect(countEarlier(takeNews(emptyStream(40, 100), [news(41)]))).toBe(40)
    expect(countEarlier(emptyStream(40, 100))).toBe(40)
  })

  it('resumes from the first event that still exists when history is gone', () => {
    const state = takeNews(emptyStream(0, 100), [{ kind: 'history_gone', first: 10 }, news(10)])

    expect(state.cursor).toBe(10)
    expect(state.historyGone).toBe(10)
    expect(countEarlier(state)).toBe(0)
  })

  it('knows that the stream was removed', () => {
    expect(takeNews(emptyStream(0, 100), [{ kind: 'gone' }]).gone).toBe(true)
  })
})

function news(seq: number): StreamNews {
  const event: StreamEvent = {
    seq,
    at: '',
    type: 'field.set',
    actor: { kind: 'agent', name: null },
    body: {},
    raw: {},
  }
  return { kind: 'event', event }
}

function numbers(events: readonly StreamEvent[]): number[] {
  return events.map((event) => event.seq)
}
