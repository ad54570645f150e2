import { findChromium } from '@parley/testkit/browser'
import { testPostgres } from '@parley/testkit/services'
import { expect, onTestFinished, test } from 'vitest'

// Elsewhere a suite without its service is skipped, with a line that says so. Continuous integration must run all.

const isNeeded = Boolean(process.env.CI)

test('continuous integration has a Postgres', async () => {
  const postgres = await testPostgres()
  onTestFinished(() => postgres?.close())

  expect(postgres !== undefined || !isNeeded).toBe(true)
})

test('continuous integration has a Chromium', async () => {
  expect((await findChromium()) !== undefined || !isNeeded).toBe(true)
})
