import { fakeClock } from '@parley/testkit'
import { expect, it } from 'vitest'
import { slidingLog } from './sliding-log.js'

function start(limit = 3, maxKeys?: number) {
  const clock = fakeClock()
  const log = slidingLog({ limit, windowMs: 60_000, clock, maxKeys })
  const take = (times: number, key = 'k') => Array.from({ length: times }, () => log.take(key))
  return { clock, log, take }
}

it('refuses when the window already holds the limit, and says when there is room', async () => {
  const { clock, log, take } = start()
  take(1)
  await clock.advance(10_500)
  expect(take(2)).toEqual([{ ok: true }, { ok: true }])

  expect(log.take('k')).toEqual({ ok: false, retryAfter: 50 })
  expect(log.take('another')).toEqual({ ok: true })
  await clock.advance(49_499)
  expect(log.take('k')).toEqual({ ok: false, retryAfter: 1 })
  await clock.advance(1)
  expect(log.take('k')).toEqual({ ok: true })
  expect(log.take('k')).toMatchObject({ ok: false })
})

it('does not log refused requests', async () => {
  const { clock, log, take } = start()
  take(100)

  await clock.advance(60_000)

  expect(take(3)).toEqual([{ ok: true }, { ok: true }, { ok: true }])
  expect(log.take('k')).toMatchObject({ ok: false })
})

it('counts what other nodes let through, at their time', async () => {
  const { clock, log } = start()
  const at = clock.now()
  await clock.advance(30_000)
  log.add('k', at)
  log.add('k', clock.now())
  log.add('k', at + 10_000)

  expect(log.take('k')).toEqual({ ok: false, retryAfter: 30 })
  await clock.advance(30_000)
  expect(log.take('k')).toEqual({ ok: true })
})

it('forgets hits of other nodes that are too old and does not believe the future', async () => {
  const { clock, log, take } = start()
  log.add('k', clock.now() - 60_000)
  expect(log.keys).toBe(0)

  for (let n = 0; n < 3; n++) log.add('k', clock.now() + 1e9)
  expect(take(1)).toEqual([{ ok: false, retryAfter: 60 }])
})

it('keeps at most the limit for a key, however many other nodes report', () => {
  const { clock, log } = start()
  for (let n = 0; n < 1_000; n++) log.add('k', clock.now())

  expect(log.take('k', 4)).toEqual({ ok: true })
})

it('takes a limit for one key in place of its own', () => {
  const { log } = start()

  expect(Array.from({ length: 6 }, () => log.take('k', 5).ok)).toEqual([true, true, true, true, true, false])
  expect(log.take('none', 0)).toEqual({ ok: false, retryAfter: 60 })
})

it('forgets the key that was silent longest when there are too many', () => {
  const { log, take } = start(1, 2)
  take(1, 'a')
  take(1, 'b')
  take(1, 'a')
  take(1, 'c')

  expect(log.keys).toBe(2)
  expect(log.take('a').ok).toBe(false)
  log.forget('a')
  expect(log.take('a').ok).toBe(true)
})
