import { testPostgres } from '@parley/testkit/services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Check, runOne, type Status } from '../compliance/index.js'
import { type FixtureOptions, type HandshakeFixture, startHandshakeFixture } from './fixture.js'
import { knownFailures } from './known.js'
import { handshakeScenarios } from './scenarios.js'

const postgres = await testPostgres()
const checkTimeoutMs = 120_000

conformance('SQLite', async () => ({ options: { db: 'sqlite' }, drop: async () => {} }))

describe.skipIf(!postgres)('with a Postgres server at hand', () => {
  conformance('Postgres', async () => {
    const { url, drop } = await postgres!.newDatabase()
    const env = { DATABASE_URL: url }
    return { options: { db: 'postgres', env }, drop }
  })
})

afterAll(() => postgres?.close())

interface Ground {
  options: FixtureOptions
  drop(): Promise<void>
}

/** Runs every check as a test of its own against one fixture on this ground. */
function conformance(name: string, prepare: () => Promise<Ground>): void {
  describe(`the handshake plane on ${name} keeps its contract`, () => {
    const findings = {}
    let ground: Ground
    let fixture: HandshakeFixture

    beforeAll(async () => {
      ground = await prepare()
      fixture = await startHandshakeFixture(ground.options)
    })
    afterAll(async () => {
      await fixture?.stop()
      await ground?.drop()
    })

    for (const check of handshakeScenarios) {
      test.concurrent(`${check.id} ${check.title}`, { timeout: checkTimeoutMs }, async () => {
        const { status, detail } = await runOne(check, fixture, findings)

        expect(status, detail).toBe(expected(check))
      })
    }

    test('the server is still alive and has reported no fault', () => {
      expect(fixture.isAlive(), fixture.errors()).toBe(true)
    })
  })
}

/** Not applicable counts as failed: the fixture has all that the checks need. */
function expected({ id }: Check): Status {
  // A known failure that has become green fails here until its entry in known.ts is deleted.
  return Object.hasOwn(knownFailures, id) ? 'red' : 'green'
}
