import { fakeClock } from '@parley/testkit'
import { describe, expect, it } from 'vitest'
import { BotSeats } from './bot-seats.js'
import { RateWindow } from './rate-window.js'

describe('a window of calls', () => {
  it('has room for its calls, the last one only for final answers', async () => {
    const clock = fakeClock()
    const window = new RateWindow(clock, { calls: 3, perMs: 1_000 })
    const take = () => window.take()

    take()
    await clock.advance(400)
    take()
    expect([window.waitMs(false), window.waitMs(true)]).toEqual([600, 0])
    take()
    expect([window.waitMs(false), window.waitMs(true)]).toEqual([1_000, 600])
    await clock.advance(600)
    expect([window.waitMs(false), window.waitMs(true)]).toEqual([400, 0])
    await clock.advance(1_000)
    expect([window.waitMs(false), window.isEmpty]).toEqual([0, true])
  })

  it('of one call keeps no seat', () => {
    const window = new RateWindow(fakeClock(), { calls: 1, perMs: 1_000 })

    expect(window.waitMs(false)).toBe(0)
    window.take()
    expect([window.waitMs(false), window.waitMs(true)]).toEqual([1_000, 1_000])
  })
})

describe('the seats of a bot', () => {
  it('go to final answers first, then in order', async () => {
    const clock = fakeClock()
    const seats = new BotSeats(clock, { calls: 2, perMs: 1_000 })
    const { signal } = new AbortController()
    const seated: string[] = []
    const take = (name: string, isFinal: boolean) => seats.take(isFinal, signal).then(() => seated.push(name))

    for (const name of ['edit 1', 'edit 2', 'edit 3']) void take(name, false)
    await clock.advance(0)
    expect(seated).toEqual(['edit 1'])
    for (const name of ['send 1', 'send 2']) void take(name, true)
    await clock.advance(0)
    expect(seated).toEqual(['edit 1', 'send 1'])
    await clock.advance(1_000)
    expect(seated).toEqual(['edit 1', 'send 1', 'send 2'])
    await clock.advance(1_000)
    expect(seated).toEqual(['edit 1', 'send 1', 'send 2', 'edit 2'])
    await clock.advance(1_000)
    expect(seated.at(-1)).toBe('edit 3')
    expect(clock.pending).toBe(0)
  })

  it('are left by who does not wait any more', async () => {
    const clock = fakeClock()
    const seats = new BotSeats(clock, { calls: 1, perMs: 1_000 })
    const leaving = new AbortController()
    const first = new AbortController().signal
    await seats.take(true, first)
    const gone = seats.take(true, leaving.signal)
    let isSeated = false
    void seats.take(true, first).then(() => {
      isSeated = true
    })

    leaving.abort(new Error('stop'))
    await expect(gone).rejects.toThrow('stop')
    await clock.advance(1_000)

    expect(isSeated).toBe(true)
    await expect(seats.take(true, leaving.signal)).rejects.toThrow('stop')
  })
})
