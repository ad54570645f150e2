import type { Log, StoredEvent } from '@parley/kernel/log'
import { eventually, fakeClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { Everything, type Listener } from './everything.js'

function stage(follow: (round: number, signal: AbortSignal) => AsyncIterable<StoredEvent>) {
  const clock = fakeClock()
  const faults: unknown[] = []
  let rounds = 0
  let isTapped = true
  const log: Pick<Log, 'followKind' | 'tap'> = {
    followKind: (_, { signal }) => follow(rounds++, signal),
    tap: () => () => {
      isTapped = false
    },
  }
  const everything = new Everything({ log, clock, fault: (error) => faults.push(error) })
  const heard: string[] = []
  const listener: Listener = {
    heard: (id, seq) => heard.push(`${id} ${seq}`),
    announced: () => {},
    ended: () => {},
  }
  return { clock, faults, everything, heard, listener, rounds: () => rounds, isTapped: () => isTapped }
}

// The cast: what listeners are told needs no more of an event.
const event = (stream: string, seq: number) => ({ stream, seq }) as StoredEvent

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

test('nothing is followed while nobody wants to', async () => {
  const signals: AbortSignal[] = []
  const { everything, listener, rounds, isTapped } = stage(async function* (_, signal) {
    signals.push(signal)
    await aborted(signal)
    yield* []
  })

  everything.add(listener)
  expect(rounds()).toBe(0)
  everything.want(listener)
  everything.want(listener)
  await eventually(() => signals.length === 1)
  everything.remove(listener)
  expect(signals[0]?.aborted).toBe(true)
  everything.want(listener)
  await eventually(() => signals.length === 2)
  everything.stop()

  expect(signals[1]?.aborted).toBe(true)
  expect(isTapped()).toBe(false)
})

test('one that fell too far behind begins anew after a while', async () => {
  const { clock, faults, everything, heard, listener } = stage(async function* (round, signal) {
    yield event('session:s1', round + 1)
    if (round === 0) throw new Error('too far behind')
    await aborted(signal)
  })

  everything.want(listener)
  await eventually(() => faults.length === 1)
  expect(heard).toEqual(['s1 1'])
  await clock.advance(1_000)

  await eventually(() => heard.length === 2)
  expect(heard).toEqual(['s1 1', 's1 2'])
  everything.stop()
})
