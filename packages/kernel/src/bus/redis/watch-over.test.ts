import { fakeClock } from '@parley/testkit'
import { expect, test, vi } from 'vitest'
import { watchOver } from './watch-over.js'

const minuteMs = 60_000

function watched(...pings: (() => Promise<unknown>)[]) {
  const clock = fakeClock()
  const onSilence = vi.fn()
  const asked = pings.map((ping) => ({ ping: vi.fn(ping) }))
  const stop = watchOver(asked, clock, onSilence)
  return { clock, onSilence, asked, stop }
}

const answers = async () => 'PONG'
const isSilent = () => new Promise(() => {})
const isBroken = () => Promise.reject(new Error('closed'))

test('connections that answer are asked again and again', async () => {
  const { clock, onSilence, asked } = watched(answers, answers)

  await clock.advance(minuteMs)

  expect(asked.map(({ ping }) => ping.mock.calls.length)).toEqual([6, 6])
  expect(onSilence).not.toHaveBeenCalled()
})

test('one that does not answer in time is told of, once', async () => {
  const { clock, onSilence } = watched(answers, isSilent)

  await clock.advance(19_999)
  expect(onSilence).not.toHaveBeenCalled()
  await clock.advance(minuteMs)

  expect(onSilence).toHaveBeenCalledTimes(1)
})

test('one that breaks is not silent', async () => {
  const { clock, onSilence } = watched(answers, isBroken)

  await clock.advance(minuteMs)

  expect(onSilence).not.toHaveBeenCalled()
})

test('nothing is left once it was stopped, an answer under way included', async () => {
  const waiting: (() => void)[] = []
  const { clock, stop, onSilence } = watched(() => new Promise<void>((resolve) => waiting.push(resolve)))
  await clock.advance(10_000)

  stop()
  for (const answer of waiting) answer()
  await clock.advance(minuteMs)

  expect(clock.pending).toBe(0)
  expect(onSilence).not.toHaveBeenCalled()
})
