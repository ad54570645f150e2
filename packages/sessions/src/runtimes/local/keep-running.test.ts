import { fakeClock, settle } from '@parley/testkit'
import { expect, it } from 'vitest'
import { keepRunning } from './keep-running.js'

function kept(start: () => Promise<void> = async () => {}) {
  const clock = fakeClock()
  const faults: unknown[] = []
  const state = { isRunning: true, starts: 0 }
  const stop = keepRunning({
    clock,
    isRunning: () => state.isRunning,
    start: async () => {
      state.starts++
      await start()
    },
    onFault: (error) => void faults.push(error),
  })
  const pass = async (ms: number) => {
    await clock.advance(ms)
    await settle()
  }
  return { clock, state, faults, stop, pass }
}

it('a host that is gone is started again within a second; one that runs is left alone', async () => {
  const { state, pass, stop } = kept()
  await pass(1_000)
  expect(state.starts).toBe(0)
  state.isRunning = false

  await pass(1_000)

  expect(state.starts).toBe(1)
  stop()
})

it('one that does not stay is started later each time, at least once a minute; what failed is reported', async () => {
  const { state, pass, stop, faults } = kept(async () => {
    throw new Error('no')
  })
  state.isRunning = false

  for (const [seconds, starts] of [
    [1, 1],
    [2, 2],
    [4, 3],
    [8, 4],
    [16, 5],
    [32, 6],
    [60, 7],
    [60, 8],
  ] as const) {
    await pass(seconds * 1_000 - 1)
    expect(state.starts).toBe(starts - 1)
    await pass(1)
    expect(state.starts).toBe(starts)
  }
  expect(faults).toHaveLength(8)
  stop()
})

it('nothing is started when it is no longer wanted', async () => {
  const { clock, state, stop, pass } = kept()
  state.isRunning = false

  stop()
  await pass(3_600_000)

  expect([state.starts, clock.pending]).toEqual([0, 0])
})
