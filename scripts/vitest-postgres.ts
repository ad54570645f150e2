// OUTSIDE: Vitest loads this without our `@parley/source` condition, hence the path.
import { testPostgres } from '../packages/testkit/src/services/index.js'

/**
 * Finds one Postgres for the whole run, or starts one, and names it in the environment. Without this, each test file
 * on a machine that runs no Postgres would start a server of its own.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.PARLEY_TEST_POSTGRES_URL) return
  const postgres = await testPostgres()
  if (!postgres) return
  process.env.PARLEY_TEST_POSTGRES_URL = postgres.url
  return () => postgres.close()
}
