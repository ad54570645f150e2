import { testPostgres } from '@parley/testkit/services'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { type FixtureOptions, startThreadsFixture } from '../e2e/fixture.js'
import { fuzzThreads } from './threads/fuzz.js'

const runs = Number(process.env.PARLEY_FUZZ_RUNS ?? 600)
const seed = Number(process.env.PARLEY_FUZZ_SEED ?? Date.now()) % 1_000_000
const timeout = 60_000 + runs * 100

const postgres = await testPostgres()
afterAll(() => postgres?.close())

/** Rejects with what the fixture said when it did not stand everything. */
async function fuzzOn(options: FixtureOptions): Promise<void> {
  const fixture = await startThreadsFixture(options)
  onTestFinished(() => fixture.stop())
  const { url, ns, isAlive } = fixture
  const { outcomes, failures } = await fuzzThreads({ url, ns, runs, seed, isAlive })

  console.log(`seed ${seed}: ${JSON.stringify(outcomes)}`)
  expect(failures, fixture.errors()).toEqual([])
}

describe('the threads plane', () => {
  test(`stands ${runs} odd inputs on SQLite, seed ${seed}`, { timeout }, () => fuzzOn({ db: 'sqlite' }))

  test.skipIf(!postgres)(`stands ${runs} odd inputs on Postgres, seed ${seed}`, { timeout }, async () => {
    const { url, drop } = await postgres!.newDatabase()
    onTestFinished(drop)
    await fuzzOn({ db: 'postgres', env: { DATABASE_URL: url } })
  })
})
