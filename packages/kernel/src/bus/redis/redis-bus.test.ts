import { eventually } from '@parley/testkit'
import { testRedis } from '@parley/testkit/services'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock, systemIds } from '../../ids/index.js'
import { busConformance } from '../conformance.js'
import { redisBus } from './redis-bus.js'
import { readyPair, redisPair, testBus } from './redis-bus.test.support.js'
import { redisProxy, testProxy, withoutSharding } from './redis-proxy.test.support.js'

const server = await testRedis()
afterAll(() => server?.close())

if (server) {
  busConformance('the bus over Redis', { open: async () => redisPair(server.url) })
  busConformance('the bus over a Redis without sharded channels', {
    async open() {
      const proxy = await redisProxy(server.url, withoutSharding)
      const pair = redisPair(proxy.url)
      const close = async () => {
        await pair.close()
        await proxy.close()
      }
      return { ...pair, close }
    },
  })
}

async function client(): Promise<Redis> {
  const redis = new Redis(server!.url)
  onTestFinished(() => redis.disconnect())
  return redis
}

describe.skipIf(!server)('the bus over Redis', () => {
  test('sends the hints of one turn in one message', async () => {
    const { a, b, prefix } = await readyPair(server!.url)
    const payloads: string[] = []
    const redis = await client()
    redis.on('smessage', (_channel, payload) => payloads.push(payload))
    await redis.ssubscribe(`{${prefix}}:all`)
    b.serve('echo', async (message) => message)

    for (let n = 0; n < 100; n++) a.moved([{ stream: `x:${n}`, seq: 1 }])
    await a.request('b', 'echo', '')
    await redis.ping()

    expect(payloads).toHaveLength(1)
  })

  test('takes no harm from what others send on its channels', async () => {
    const { a, b, prefix } = await readyPair(server!.url)
    const redis = await client()
    b.serve('echo', async (message) => message)

    for (const payload of ['', 'hello', '1\n[["s","x","y"]]', '"a"\n[["s",1]]', '"a"\nx', '"a"\n{}'])
      for (const channel of [`{${prefix}}:all`, `{${prefix}}:node:b`]) await redis.spublish(channel, payload)

    expect(await a.request('b', 'echo', 'fine')).toBe('fine')
  })

  test('keeps deployments with different prefixes apart', async () => {
    const [one, two] = [await readyPair(server!.url), await readyPair(server!.url)]
    const heard: unknown[] = []
    two.b.onSignal((...signal) => heard.push(signal))

    one.a.signal('x:1', 'theirs')
    await expect(one.a.request('nobody', 'echo', '', { timeoutMs: 20 })).rejects.toThrow()
    two.a.signal('x:1', 'ours')

    await eventually(() => heard.length > 0)
    expect(heard).toEqual([['x:1', 'ours']])
  })

  test('goes to the node of a cluster that has its channels', async () => {
    const owner = await testProxy(server!.url)
    const moved = `-MOVED 1 127.0.0.1:${new URL(owner.url).port}\r\n`
    const other = await testProxy(server!.url, (sent) =>
      sent.includes('ssubscribe') ? { answer: moved } : { pass: sent },
    )

    await testBus({ url: other.url }).ready()

    await eventually(() => other.sockets() === 0)
    expect(owner.sockets()).toBe(2)
  })
})

test.each(['http://127.0.0.1:6379', '127.0.0.1:6379', '/tmp/redis.sock', 'redis://a b', ''])(
  'refuses %j as the address of a Redis, without repeating it',
  (url) => {
    const open = () => redisBus({ url, clock: systemClock, ids: systemIds })
    expect(open).toThrow(expect.objectContaining({ code: 'kernel.invalid_request' }))
    expect(open).toThrow('The address of a Redis is a redis:// or rediss:// URL.')
  },
)

test.each(['', 'a}b', 'a b', 'x'.repeat(101)])('refuses %j as a prefix', (prefix) => {
  expect(() => redisBus({ url: 'redis://x', prefix, clock: systemClock, ids: systemIds })).toThrow(
    expect.objectContaining({ code: 'kernel.invalid_request' }),
  )
})
