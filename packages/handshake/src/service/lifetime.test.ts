import { openGround } from '@parley/kernel/ground'
import { eventually, fakeClock, fakeIds } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { formOf, openPlane, type Plane } from '../plane.test.support.js'
import { sqlHandshakeStore } from '../store/index.js'

const storedTouch = async (plane: Plane, id: string) =>
  ((await sqlHandshakeStore(plane.ground.db).version(id))?.touchedAt ?? 0) / 1000

describe('a lifetime', () => {
  // proves: handshake.h16, handshake.h16.sliding
  test('slides with each authenticated request, and ends strictly after it', async () => {
    const plane = await openPlane({ ttlSeconds: 1, rateLimitPerMinute: 1000 })
    const page = await plane.create()

    for (let n = 0; n < 10; n++) {
      await plane.clock.advance(600)
      expect((await plane.context(page)).status).toBe(200)
    }
    await plane.clock.advance(1000)
    expect((await plane.context(page)).status).toBe(200)
    await plane.clock.advance(1001)

    const late = await plane.context(page)
    expect([late.status, late.body]).toEqual([404, { error: 'session not found or expired' }])
  })

  test('is not prolonged by wrong tokens, foreign edits or requests after its end', async () => {
    const plane = await openPlane({ ttlSeconds: 10 })
    const page = await plane.create()

    await plane.clock.advance(6000)
    expect((await plane.context(page, 'wrong')).status).toBe(403)
    expect((await plane.call('POST', `/handshake/notify/${page.id}`, { body: { key: 'a' } })).status).toBe(
      403,
    )
    await plane.clock.advance(4001)

    expect((await plane.context(page)).status).toBe(404)
    expect((await plane.edit(page, 'a', 1)).status).toBe(404)
    expect((await plane.context(page)).status).toBe(404)
  })

  test('shows a second less than the time to live right after a touch', async () => {
    const plane = await openPlane()
    const page = await plane.create()

    expect(page.expiresIn).toBe(1800)
    expect((await plane.context(page)).body.expiresIn).toBe(1799)
    await plane.clock.advance(60_000)
    expect((await plane.context(page)).body.expiresIn).toBe(1799)
  })

  test('never goes on past the greatest age, however often the handshake is used', async () => {
    const plane = await openPlane({ ttlSeconds: 60, maxLifetimeSeconds: 100, rateLimitPerMinute: 1000 })
    const page = await plane.create()

    await plane.clock.advance(50_000)
    expect((await plane.context(page)).body.expiresIn).toBe(50)
    await plane.clock.advance(40_000)
    expect((await plane.context(page)).body.expiresIn).toBe(10)
    await plane.clock.advance(10_001)

    expect((await plane.context(page)).status).toBe(404)
  })

  test('is written at most every few seconds, and the last touch of a burst is written too', async () => {
    const plane = await openPlane({ rateLimitPerMinute: 1000 })
    const page = await plane.create()
    const begun = plane.clock.now()

    await plane.clock.advance(1000)
    await plane.context(page)
    await plane.clock.advance(1000)
    await plane.context(page)
    expect(await storedTouch(plane, page.id)).toBe(begun)

    await plane.clock.advance(5000)
    await eventually(async () => (await storedTouch(plane, page.id)) === begun + 2000)
  })

  test('keeps a touch that waits when the plane stops', async () => {
    const plane = await openPlane()
    const page = await plane.create()
    await plane.clock.advance(2000)
    await plane.context(page)

    await plane.handshake.stop()

    expect(await storedTouch(plane, page.id)).toBe(plane.clock.now())
  })
})

describe('a sweep', () => {
  test('ends what has expired, and later forgets it with its streams', async () => {
    const plane = await openPlane({ ttlSeconds: 10, keepEndedSeconds: 10_000, sweepSeconds: 5 })
    const page = await plane.create(formOf('a'))
    await plane.set(page, { a: 'x' }, { stream: false })
    await plane.context(page)
    const store = sqlHandshakeStore(plane.ground.db)
    const service = await plane.handshake.service()

    await plane.clock.advance(10_001)
    await eventually(async () => {
      await plane.clock.advance(1000)
      return (await store.find(page.id))?.endReason === 'expired'
    })
    expect(await store.fields(page.id)).toHaveLength(1)
    await plane.clock.advance(10_001_000)
    await service.sweep()

    expect(await store.find(page.id)).toBeUndefined()
    expect(await store.fields(page.id)).toEqual([])
    for (const stream of [`handshake:${page.id}`, `handshake.audit:${page.id}`])
      expect(await plane.ground.log.last(stream, { limit: 10 })).toEqual([])
  })

  test('takes more than one batch', async () => {
    const plane = await openPlane({ ttlSeconds: 10, sweepSeconds: 100_000, rates: { creations: 10_000 } })
    await Promise.all(Array.from({ length: 1100 }, () => plane.create()))
    await plane.clock.advance(11_000)

    expect(await (await plane.handshake.service()).sweep()).toBe(1100)
    expect(await (await plane.handshake.service()).sweep()).toBe(0)
  })

  test('leaves alone what only this node knows to be alive', async () => {
    const plane = await openPlane({ ttlSeconds: 10, sweepSeconds: 100_000 })
    const page = await plane.create()
    await plane.clock.advance(2000)
    await plane.context(page)
    await plane.clock.advance(8500)

    expect(await (await plane.handshake.service()).sweep()).toBe(0)
    expect((await plane.context(page)).status).toBe(200)
  })
})

test('a thousand handshakes that came and went leave no timer behind', async () => {
  const clock = fakeClock()
  const ground = await openGround({ clock, ids: fakeIds() })
  const plane = await openPlane({ clock, ground, rates: { creations: 10_000 } })
  const before = clock.pending
  for (let n = 0; n < 1000; n += 100) {
    const pages = await Promise.all(Array.from({ length: 100 }, () => plane.create(formOf('a'))))
    await Promise.all(pages.map((page) => plane.set(page, { a: 1 }, { stream: false })))
    await Promise.all(
      pages.map((page) => plane.call('DELETE', `/handshake/session/${page.id}`, { token: page.token })),
    )
  }
  await clock.advance(6000)

  expect(clock.pending).toBe(before)
  await plane.handshake.stop()
  await ground.close()
  expect(clock.pending).toBe(0)
})
