import { ownPostgres, ownRedis } from '@parley/testkit/services'
import { afterAll, describe, expect, it } from 'vitest'
import { withSeed } from './seed.js'
import { chaos } from './threads/loop.js'

// WHY: a killed process leaves its writes with the operating system; fsync guards against a power cut only. Without it
//      recovery need not sync a thousand files first, which a busy disk can stretch to a minute.
const postgres = await ownPostgres({ settings: { fsync: 'off' } })
const redis = await ownRedis()
afterAll(() => Promise.all([postgres?.stop(), redis?.stop()]))

const severity = { kill: 2, both: 0, stop: 0, redis: 1, postgres: 1 }

describe.skipIf(!postgres || !redis)('two nodes of rooms, while nodes, Redis and Postgres are killed', () => {
  it('have every message once, tell everybody the whole log, end every run and deliver everything', async () => {
    const services = { postgres: postgres!, redis: redis! }
    const figures = await withSeed((seed) => chaos(services, { seed, rooms: 2, severity, mostBetween: 120 }))

    console.info(JSON.stringify(figures))
    expect(figures.messages).toBeGreaterThan(90)
  }, 600_000)
})
