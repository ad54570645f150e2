// What the bus does when Redis, or the way to it, breaks.
import { inspect } from 'node:util'
import { eventually, fakeClock } from '@parley/testkit'
import { ownRedis, testRedis } from '@parley/testkit/services'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Head } from '../port.js'
import { newPrefix, passes, readyPair, testBus } from './redis-bus.test.support.js'
import { testProxy } from './redis-proxy.test.support.js'

const server = await testRedis()
afterAll(() => server?.close())
const own = await ownRedis()
afterAll(() => own?.stop())

describe.skipIf(!own)('a Redis that is killed', () => {
  test('and comes back carries messages again, and both nodes hear that some may be missing', async () => {
    const { a, b, faults } = await readyPair(own!.url)
    const gaps = new Set<string>()
    a.onGap?.(() => gaps.add('a'))
    b.onGap?.(() => gaps.add('b'))
    const heard: Head[] = []
    b.onMoved((heads) => heard.push(...heads))
    b.serve('echo', async (message) => message)

    await own!.kill()
    await eventually(() => faults.length > 0)
    await own!.restart()
    await eventually(() => gaps.size === 2)
    await eventually(() => passes(a, b))
    a.moved([{ stream: 'x:1', seq: 9 }])

    await eventually(() => heard.length > 0)
    expect(heard).toEqual([{ stream: 'x:1', seq: 9 }])
  })

  test('loses the signals of the meantime: nobody hears them late', async () => {
    const [prefix, faults]: [string, unknown[]] = [newPrefix(), []]
    const a = testBus({ url: own!.url, prefix, onFault: (error) => faults.push(error) })
    const b = testBus({ url: own!.url, prefix })
    await Promise.all([a.ready(), b.ready()])
    const heard: string[] = []
    b.onSignal((_, payload) => heard.push(payload))
    b.serve('echo', async (message) => message)
    await own!.kill()
    // The second one is of a try to come back: then it knows.
    await eventually(() => faults.length > 1)

    a.signal('x:1', 'late')
    await own!.restart()
    await eventually(() => passes(a, b))
    a.signal('x:1', 'in time')

    await eventually(() => heard.length > 0)
    expect(heard).toEqual(['in time'])
  })

  test('and is down at the start is waited for', async () => {
    await own!.kill()
    onTestFinished(() => own!.restart())
    const faults: unknown[] = []
    const bus = testBus({ url: own!.url, onFault: (error) => faults.push(error) })
    await eventually(() => faults.length > 1)

    await own!.restart()

    await bus.ready()
    expect(String(faults[0])).toMatch(/ECONNREFUSED/)
  })
})

describe.skipIf(!server)('the way to Redis', () => {
  test('is taken anew when it was cut', async () => {
    const proxy = await testProxy(server!.url)
    const { a, b } = await readyPair(proxy.url)
    const gaps: string[] = []
    b.onGap?.(() => gaps.push('b'))
    b.serve('echo', async (message) => message)

    proxy.cut()

    await eventually(() => gaps.length > 0)
    await eventually(() => passes(a, b))
    expect(proxy.sockets()).toBe(4)
  })

  test('is taken anew when nothing comes back on it', async () => {
    const proxy = await testProxy(server!.url)
    const clock = fakeClock()
    const bus = testBus({ url: proxy.url, clock })
    let gaps = 0
    bus.onGap?.(() => gaps++)
    await bus.ready()

    proxy.stall()

    await eventually(async () => {
      await clock.advance(1_000)
      return gaps > 0
    })
    await eventually(() => proxy.sockets() === 2)
  })

  test('is left without a socket and without a timer', async () => {
    const proxy = await testProxy(server!.url)
    const clock = fakeClock()
    const bus = testBus({ url: proxy.url, clock })
    await bus.ready()

    await Promise.all([bus.close(), bus.close()])

    expect(clock.pending).toBe(0)
    await eventually(() => proxy.sockets() === 0)
  })

  test('is told of without the password', async () => {
    const url = new URL(server!.url)
    url.username = 'nobody'
    url.password = 's3cr%7Et'
    const faults: unknown[] = []
    testBus({ url: url.toString(), onFault: (error) => faults.push(error) })

    await eventually(() => faults.length > 0)

    expect(String(faults[0])).toMatch(/WRONGPASS|NOAUTH|AUTH/)
    expect(inspect(faults, { depth: 9, showHidden: true })).not.toContain('s3cr')
  })
})

test('a bus can be closed before it has ever connected', async () => {
  const clock = fakeClock()
  const bus = testBus({ url: 'redis://127.0.0.1:1', clock })
  const ready = bus.ready().catch((error: unknown) => error)

  await bus.close()

  expect(await ready).toMatchObject({ code: 'kernel.closed' })
  expect(clock.pending).toBe(0)
})
