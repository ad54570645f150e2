import { type FakeClock, fakeClock, testGrounds } from '@parley/testkit'
import { expect } from 'vitest'
import type { Ground } from '../ground/index.js'
import { outboxConformance } from './conformance.js'
import { createOutbox } from './outbox.js'

for (const { name, open } of await testGrounds())
  outboxConformance(name, {
    open: async () => {
      const { ground, another, close } = await open()
      const clocks: FakeClock[] = []
      return {
        node: async () => {
          const own = clocks.length > 0 && another ? await another() : ground
          const clock = fakeClock()
          clocks.push(clock)
          return outboxOn(own, clock)
        },
        close: async () => {
          expect(clocks.map(({ pending }) => pending)).toEqual([0, 0])
          await close()
        },
      }
    },
  })

function outboxOn({ db, log, ids }: Ground, clock: FakeClock) {
  return { clock, log, outbox: createOutbox({ db, log, ids, clock, random: () => 0.5 }) }
}
