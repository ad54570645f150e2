import { describe, expect, it } from 'vitest'
import { engines, killLoop } from './kill-loop/loop.js'
import { withSeed } from './seed.js'

for (const engine of await engines())
  describe(`${engine.name}, killed again and again`, () => {
    it('has everything that was acknowledged, once and in order, and goes on', async () => {
      const figures = await withSeed((seed) => killLoop(engine, { rounds: 3, seed, maxAcknowledged: 400 }))

      expect(figures.rounds).toBe(3)
    })
  })
