import { describe, expect, it } from 'vitest'
import { engines, killLoop } from './kill-loop/loop.js'
import { withSeed } from './seed.js'

for (const engine of await engines())
  describe(`${engine.name}, killed twenty times`, () => {
    it('has everything that was acknowledged, once and in order, and goes on', async () => {
      const figures = await withSeed((seed) => killLoop(engine, { rounds: 20, seed, maxAcknowledged: 4_000 }))

      console.info(`${engine.name}: ${JSON.stringify(figures)}`)
      expect(figures.events).toBeGreaterThan(0)
    })
  })
