import { describe, expect, it } from 'vitest'
import type { Clock } from '../time/clock.js'
import { backoffMs } from './backoff.js'
import { type Connection, followSource, type Source } from './follow-source.js'

describe('following a source', () => {
  it('comes back from the newest cursor after the connection broke', () => {
    const page = aPage()

    page.source().emit('open')
    page.source().emit('event', '7')
    page.source().emit('error')
    page.tick()

    expect(page.urls).toEqual(['/events?after=0', '/events?after=7'])
    expect(page.states).toEqual(['connecting', 'open', 'lost', 'connecting'])
  })

  it('closes the broken source before it opens another', () => {
    const page = aPage()
    const first = page.source()

    first.emit('error')
    page.tick()

    expect(first.isClosed).toBe(true)
    expect(page.source()).not.toBe(first)
  })

  it('is not revived by a late error once it was stopped', () => {
    const page = aPage()

    page.stop()
    page.source().emit('error')

    expect(page.source().isClosed).toBe(true)
    expect(page.waiting()).toBe(false)
  })

  it('a planned retry is given up when stopped', () => {
    const page = aPage()

    page.source().emit('error')
    page.stop()

    expect(page.waiting()).toBe(false)
    expect(page.urls).toHaveLength(1)
  })
})

describe('backoff', () => {
  it('doubles from one second and stays at fifteen', () => {
    expect([0, 1, 2, 3, 4, 50].map(backoffMs)).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000])
  })
})

class FakeSource implements Source {
  isClosed = false
  readonly #listeners = new Map<string, (event: MessageEvent) => void>()
  addEventListener(type: string, listener: unknown): void {
    this.#listeners.set(type, listener as (event: MessageEvent) => void)
  }
  close(): void {
    this.isClosed = true
  }
  emit(type: string, data = ''): void {
    this.#listeners.get(type)?.({ data } as MessageEvent)
  }
}

function aPage() {
  const urls: string[] = []
  const states: Connection[] = []
  const sources: FakeSource[] = []
  let cursor = '0'
  let task: (() => void) | undefined
  const clock: Clock = {
    now: () => 0,
    after: (_ms, next) => {
      task = next
      return () => {
        task = undefined
      }
    },
    every: () => () => {},
  }
  const stop = followSource({
    url: () => `/events?after=${cursor}`,
    on: { event: (data) => (cursor = data) },
    onConnection: (state) => states.push(state),
    clock,
    open: (url) => {
      urls.push(url)
      sources.push(new FakeSource())
      return sources.at(-1)!
    },
  })
  const tick = () => {
    const due = task
    task = undefined
    due?.()
  }
  return { urls, states, stop, tick, waiting: () => task !== undefined, source: () => sources.at(-1)! }
}
