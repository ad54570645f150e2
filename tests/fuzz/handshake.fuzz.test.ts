import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HandshakeFixture, startHandshakeFixture } from '../e2e/fixture.js'
import { fuzz } from './fuzz.js'

const runs = Number(process.env.PARLEY_FUZZ_RUNS ?? 3_000)
const seed = Number(process.env.PARLEY_FUZZ_SEED ?? Date.now()) % 1_000_000

let fixture: HandshakeFixture
beforeAll(async () => {
  fixture = await startHandshakeFixture()
})
afterAll(() => fixture?.stop())

test(`the handshake plane stands ${runs} odd inputs, seed ${seed}`, {
  timeout: 60_000 + runs * 100,
}, async () => {
  const { outcomes, failures } = await fuzz({ url: fixture.url, runs, seed, isAlive: fixture.isAlive })

  console.log(`seed ${seed}: ${JSON.stringify(outcomes)}`)
  expect(failures, fixture.errors()).toEqual([])
})
