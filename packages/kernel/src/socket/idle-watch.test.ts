import { fakeClock } from '@parley/testkit'
import { expect, it } from 'vitest'
import { createIdleWatches, type IdleWatch } from './idle-watch.js'

function open() {
  const clock = fakeClock()
  const faults: unknown[] = []
  const watches = createIdleWatches({ clock, onFault: (error) => void faults.push(error) })
  const told: string[] = []
  const watch = (name: string, ms: number, then: () => void = () => {}): IdleWatch =>
    watches.watch(ms, () => {
      told.push(name)
      then()
    })
  return { clock, faults, told, watch }
}

it('tells each connection at its own time, however many wait for the same', async () => {
  const { clock, told, watch } = open()
  const first = watch('first', 1_000)
  await clock.advance(400)
  watch('second', 1_000)
  watch('slow', 2_950)
  await clock.advance(500)
  first.queue.touch(first)

  await clock.advance(499)
  expect(told).toEqual([])
  await clock.advance(1)
  expect(told).toEqual(['second'])
  await clock.advance(500)
  expect(told).toEqual(['second', 'first'])
  await clock.advance(1_450)
  expect(told).toEqual(['second', 'first', 'second', 'first', 'slow'])
})

it('does not tell one that another has stopped at the same moment', async () => {
  const { clock, told, watch } = open()
  watch('first', 1_000, () => second.queue.stop(second))
  const second = watch('second', 1_000)

  await clock.advance(2_000)

  expect(told).toEqual(['first', 'first'])
})

it('goes on after a listener that throws', async () => {
  const { clock, told, faults, watch } = open()
  watch('first', 1_000, () => {
    throw new Error('thrown')
  })
  watch('second', 1_000)

  await clock.advance(2_000)

  expect(told).toEqual(['first', 'second', 'first', 'second'])
  expect(faults).toHaveLength(2)
})

it('starts again for somebody who comes when all have left', async () => {
  const { clock, told, watch } = open()
  const first = watch('first', 1_000)
  first.queue.stop(first)
  watch('second', 1_000)

  await clock.advance(1_000)

  expect(told).toEqual(['second'])
})
