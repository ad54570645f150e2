import { randomUUID } from 'node:crypto'
import { eventually, fakeClock, testGrounds } from '@parley/testkit'
import { testRedis } from '@parley/testkit/services'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { isParleyError } from '../errors/index.js'
import { append } from '../log/log-cases/nodes.js'
import { openGround } from './index.js'

const grounds = await testGrounds()

for (const { name, engine, open } of grounds)
  describe(name, () => {
    it('carries a log, leases and a bus, and a name for its node', async () => {
      const { ground, close } = await open({ node: 'node_a' })

      await using lease = await ground.leases.acquire('job')
      await append(ground.log, 'room:1', 'a')

      expect([ground.node, ground.bus.node, ground.db.engine]).toEqual(['node_a', 'node_a', engine])
      expect(await ground.leases.holder('job')).toEqual({ node: 'node_a', epoch: lease.epoch })
      await close()
    })

    it('closes twice, ends followers, gives leases back and leaves no timer', async () => {
      const clock = fakeClock()
      const { ground, close } = await open({ clock })
      const follower = ground.log
        .follow('room:1', { signal: new AbortController().signal })
        [Symbol.asyncIterator]()
      await follower.next()
      const waiting = follower.next()
      await ground.leases.acquire('job')

      await Promise.all([ground.close(), ground.close()])

      expect((await waiting).done).toBe(true)
      expect(clock.pending).toBe(0)
      await expect(ground.log.read('room:1', { after: 0 })).rejects.toMatchObject({ code: 'kernel.closed' })
      await close()
    })
  })

for (const { name, open } of grounds.filter(({ name }) => name !== 'SQLite in memory'))
  describe(`${name}, opened again`, () => {
    it('has what was committed, and the next epoch of each lease', async () => {
      const { ground, database, close } = await open()
      await append(ground.log, 'room:1', 'a', 'b')
      await ground.leases.acquire('job')
      await ground.close()

      const again = await openGround({ database, migrate: false })

      expect((await again.log.read('room:1', { after: 0 })).events.map(({ body }) => body)).toEqual([
        '"a"',
        '"b"',
      ])
      expect((await append(again.log, 'room:1', 'c')).map(({ seq }) => seq)).toEqual([3])
      expect((await again.leases.tryAcquire('job'))?.epoch).toBe(2)
      await again.close()
      await close()
    })
  })

it('frees what a killed process held of a database that only one process can have', async () => {
  const { ground, database, close } = await grounds.find(({ name }) => name === 'SQLite file')!.open()
  const expiresAt = ground.clock.micros() + 3_600_000_000
  const sql = `insert into leases (name, holder, epoch, expires_at) values ('job', 'node_dead', 7, ${expiresAt})`
  await ground.log.commit({ ops: [{ sql, params: [] }], appends: [] })
  expect(await ground.leases.tryAcquire('job')).toBeUndefined()
  await ground.close()

  const again = await openGround({ database })

  expect((await again.leases.tryAcquire('job'))?.epoch).toBe(8)
  await again.close()
  await close()
})

it('refuses a database without the tables when it may not migrate', async () => {
  const refusal = await openGround({ migrate: false }).catch((error: unknown) => error)

  expect(isParleyError(refusal, 'kernel.unmigrated')).toBe(true)
  expect(refusal).toMatchObject({ details: { pending: expect.arrayContaining(['kernel 001-log']) } })
})

it('gives a directory back when it refuses', async () => {
  const { ground, database, close } = await grounds.find(({ name }) => name === 'SQLite file')!.open()
  await expect(openGround({ database })).rejects.toMatchObject({ code: 'kernel.data_directory_in_use' })
  await ground.close()

  const again = await openGround({ database })

  await again.close()
  await close()
})

it.each([
  ['a bus over Postgres on another database', { bus: 'postgres' }],
  ['a bus over Redis on another database', { bus: 'redis', redisUrl: 'redis://127.0.0.1' }],
  ['a bus over Redis without its address', { bus: 'redis', database: 'postgres://127.0.0.1/none' }],
] as const)('refuses %s', async (_what, options) => {
  await expect(openGround(options)).rejects.toMatchObject({ code: 'kernel.invalid_request' })
})

const onPostgres = grounds.find(({ engine }) => engine === 'postgres')
const redis = await testRedis()
afterAll(() => redis?.close())

it.skipIf(!onPostgres || !redis)('nodes on one Postgres meet over Redis', async () => {
  const { database, close } = await onPostgres!.open()
  onTestFinished(close)
  const meeting = {
    database,
    bus: 'redis',
    redisUrl: redis!.url,
    redisPrefix: `test-${randomUUID()}`,
  } as const
  const [a, b] = [await openGround(meeting), await openGround(meeting)]
  onTestFinished(async () => void (await Promise.all([a.close(), b.close()])))
  const heard: unknown[] = []
  b.bus.onMoved((heads) => heard.push(...heads))

  await append(a.log, 'room:1', 'x')

  await eventually(() => heard.length > 0)
  expect(heard).toEqual([{ stream: 'room:1', seq: 1 }])
})
