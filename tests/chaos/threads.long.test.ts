import { ownPostgres, ownRedis } from '@parley/testkit/services'
import { afterAll, describe, expect, it } from 'vitest'
import { withSeed } from './seed.js'
import { chaos } from './threads/loop.js'

// WHY: as in the short version beside it.
const postgres = await ownPostgres({ settings: { fsync: 'off' } })
const redis = await ownRedis()
afterAll(() => Promise.all([postgres?.stop(), redis?.stop()]))

const severity = { kill: 8, both: 1, stop: 3, redis: 3, postgres: 3 }

describe.skipIf(!postgres || !redis)('two nodes of rooms, while everything is killed again and again', () => {
  it('have every message once, tell everybody the whole log, end every run and deliver everything', async () => {
    const services = { postgres: postgres!, redis: redis! }
    const figures = await withSeed((seed) => chaos(services, { seed, rooms: 3, severity, mostBetween: 200 }))

    console.info(JSON.stringify(figures))
    expect(figures.disasters).toBe(18)
  })
})
