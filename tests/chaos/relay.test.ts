import { ownPostgres, ownRedis } from '@parley/testkit/services'
import { afterAll, describe, expect, it } from 'vitest'
import type { Disaster } from './relay/disasters.js'
import { soak } from './relay/loop.js'
import { withSeed } from './seed.js'

// WHY: a killed process leaves its writes with the operating system; fsync guards against a power cut only. Without it
//      recovery need not sync a thousand files first, which a busy disk can stretch to a minute.
const postgres = await ownPostgres({ settings: { fsync: 'off' } })
const redis = await ownRedis()
afterAll(() => Promise.all([postgres?.stop(), redis?.stop()]))

const disasters: Disaster[] = ['kill', 'outage', 'kill', 'redis', 'postgres']

describe.skipIf(!postgres || !redis)(
  'fifty gateways, while connectors, Redis, Postgres and platforms fail',
  () => {
    it('have every message acknowledged once, and everything they send is sent once or visibly dead', async () => {
      const services = { postgres: postgres!, redis: redis! }
      const figures = await withSeed((seed) =>
        soak(services, {
          seed,
          size: { gateways: 50, tenants: 5, stayMs: 6_000 },
          writers: { count: 12, pauseMs: 2_000 },
          disasters: () => disasters,
          quietMs: 5_000,
          forMs: 120_000,
        }),
      )

      console.info(JSON.stringify(figures))
      expect(figures.messages).toBeGreaterThan(50)
      expect(figures.receipts.confirmed).toBeGreaterThan(10)
    }, 600_000)
  },
)
