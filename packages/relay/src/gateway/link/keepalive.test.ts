import { fakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { startKeepalive } from './keepalive.js'

function start(onPing: (heard: () => void) => void = () => {}) {
  const clock = fakeClock()
  const told = { pings: 0, silent: 0 }
  const keepalive = startKeepalive({
    clock,
    ping: () => {
      told.pings++
      onPing(() => keepalive.heard())
    },
    onSilent: () => told.silent++,
  })
  return { clock, told, keepalive }
}

test('a peer that answers is asked every 30 s', async () => {
  const { clock, told } = start((heard) => heard())

  await clock.advance(300_000)

  expect(told).toEqual({ pings: 10, silent: 0 })
})

test('a peer that says nothing for 60 s after a ping is silent, once', async () => {
  const { clock, told } = start()

  await clock.advance(89_999)
  expect(told.silent).toBe(0)
  await clock.advance(1)
  expect(told.silent).toBe(1)
  await clock.advance(300_000)
  expect(told).toEqual({ pings: 2, silent: 1 })
})

test('a sign of life in time is enough', async () => {
  const { clock, told, keepalive } = start()

  await clock.advance(89_000)
  keepalive.heard()
  await clock.advance(60_000)

  expect(told.silent).toBe(0)
})

test('when it is stopped nothing is left behind', async () => {
  const { clock, keepalive } = start()

  keepalive.stop()

  expect(clock.pending).toBe(0)
})
