import { ownPostgres, ownRedis } from '@parley/testkit/services'
import { afterAll, describe, expect, it } from 'vitest'
import { atRandom } from './relay/disasters.js'
import { soak } from './relay/loop.js'
import { withSeed } from './seed.js'

// WHY: as in the short version beside it.
const postgres = await ownPostgres({ settings: { fsync: 'off' } })
const redis = await ownRedis()
afterAll(() => Promise.all([postgres?.stop(), redis?.stop()]))

/** `npm run soak` says how long. */
const forMs = Number(process.env.PARLEY_SOAK_MINUTES ?? 5) * 60_000
/** For beginning, settling and reading back. */
const besidesMs = 900_000

describe.skipIf(!postgres || !redis)('fifty gateways, while everything fails again and again', () => {
  it(
    'have every message acknowledged once, and everything they send is sent once or visibly dead',
    async () => {
      const services = { postgres: postgres!, redis: redis! }
      const figures = await withSeed((seed) =>
        soak(services, {
          seed,
          size: { gateways: 50, tenants: 5, stayMs: 20_000 },
          writers: { count: 12, pauseMs: 3_000 },
          disasters: atRandom,
          quietMs: 12_000,
          forMs,
        }),
      )

      console.info(JSON.stringify(figures))
      expect(Object.keys(figures.disasters).length).toBeGreaterThan(0)
    },
    forMs + besidesMs,
  )
})
