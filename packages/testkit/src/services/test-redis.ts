import { ownRedis, pings } from './own-redis.js'
import { noService } from './reason.js'

export type TestRedis = {
  url: string
  /** Ends the server when it was started for this caller. */
  close(): Promise<void>
}

/**
 * A Redis for tests: `PARLEY_TEST_REDIS_URL`, else the one on 127.0.0.1:6379, else a private one. Undefined,
 * with a line on stderr, where none can be had.
 */
export async function testRedis(): Promise<TestRedis | undefined> {
  const named = process.env.PARLEY_TEST_REDIS_URL
  const url = named || 'redis://127.0.0.1:6379'
  if (await pings(url)) return { url, close: async () => {} }
  if (named) return noService('Redis', 'PARLEY_TEST_REDIS_URL does not answer')
  const own = await ownRedis()
  return own && { url: own.url, close: () => own.stop() }
}
