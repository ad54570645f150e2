import { describe, expect, test } from 'vitest'
import { openPlane, type Page, type Plane } from '../plane.test.support.js'

const extend = ({ call }: Plane, page: Page, body: unknown) =>
  call('POST', `/handshake/session/${page.id}/extend`, { token: page.token, body })

const outOfRange = { error: 'extraSeconds must be between 1 and 86400' }
const denied = { error: 'extension denied by server policy' }

describe('what may be asked for', () => {
  // proves: handshake.h15
  test.each([
    [60, 60],
    ['60', 60],
    [1.9, 1],
    [86_400, 86_400],
    [undefined, 1800],
  ])('%s seconds', async (extraSeconds, extended) => {
    const plane = await openPlane()
    const page = await plane.create()

    const { status, body } = await extend(plane, page, { extraSeconds })

    expect([status, body]).toEqual([200, { ok: true, extended, expiresIn: 1800 + extended - 1 }])
  })

  // proves: handshake.h15
  test.each([[0], [0.5], [-1], [86_401], ['x'], ['-5'], ['1.5'], [''], [null], [true], [[60]], [{}]])(
    'not %j',
    async (extraSeconds) => {
      const plane = await openPlane()
      const page = await plane.create()

      const { status, body } = await extend(plane, page, { extraSeconds })

      expect([status, body]).toEqual([400, outOfRange])
      expect((await plane.context(page)).body.expiresIn).toBe(1799)
    },
  )

  test('extensions add up on the full time to live', async () => {
    const plane = await openPlane()
    const page = await plane.create()
    await plane.clock.advance(600_000)

    await extend(plane, page, { extraSeconds: 60 })
    const { body } = await extend(plane, page, { extraSeconds: 1800 })

    expect(body.expiresIn).toBe(3659)
  })
})

describe('the greatest age', () => {
  test('shortens an extension that would pass it, and refuses when nothing is left', async () => {
    const plane = await openPlane({ ttlSeconds: 60, maxLifetimeSeconds: 100 })
    const page = await plane.create()

    expect((await extend(plane, page, { extraSeconds: 30 })).body.extended).toBe(30)
    expect((await extend(plane, page, { extraSeconds: 30 })).body).toEqual({
      ok: true,
      extended: 9,
      expiresIn: 98,
    })
    const refused = await extend(plane, page, { extraSeconds: 30 })

    expect([refused.status, refused.body]).toEqual([403, denied])
    await plane.clock.advance(99_000)
    expect((await plane.context(page)).status).toBe(200)
    await plane.clock.advance(1001)
    expect((await plane.context(page)).status).toBe(404)
  })

  test('bounds the first lifetime, too', async () => {
    const plane = await openPlane({ ttlSeconds: 200, maxLifetimeSeconds: 100 })

    expect((await plane.create()).expiresIn).toBe(100)
  })
})

describe('hooks of extending', () => {
  // proves: handshake.h18, handshake.h18.done
  test.each<[string, (seconds: number) => unknown, number]>([
    ['true keeps the seconds', () => true, 60],
    ['nothing keeps the seconds', () => undefined, 60],
    ['text keeps the seconds', () => '5', 60],
    ['NaN keeps the seconds', () => Number.NaN, 60],
    ['a number replaces them', () => 20, 20],
    ['a fraction is cut off', () => 20.9, 20],
    ['zero counts as one', () => 0, 1],
    ['too many are cut to a day', () => 1e9, 86_400],
    ['an async number replaces them', async (seconds) => seconds / 2, 30],
  ])('%s', async (_title, answer, extended) => {
    const plane = await openPlane()
    const page = await plane.create()
    plane.handshake.onExtend((_session, seconds) => answer(seconds))

    expect((await extend(plane, page, { extraSeconds: 60 })).body.extended).toBe(extended)
  })

  test('each sees what the one before granted', async () => {
    const plane = await openPlane()
    const page = await plane.create()
    const seen: number[] = []
    plane.handshake.onExtend((_session, seconds) => seen.push(seconds) && seconds - 10)
    plane.handshake.onExtend((_session, seconds) => seen.push(seconds) && seconds - 10)

    expect((await extend(plane, page, { extraSeconds: 60 })).body.extended).toBe(40)
    expect(seen).toEqual([60, 50])
  })

  test.each<[string, () => unknown, string]>([
    ['false refuses', () => false, denied.error],
    ['async false refuses', async () => false, denied.error],
    [
      'throwing refuses with the message',
      () => {
        throw new Error('not today')
      },
      'not today',
    ],
    ['rejecting refuses with the message', () => Promise.reject(new Error('nor tomorrow')), 'nor tomorrow'],
  ])('%s', async (_title, answer, error) => {
    const plane = await openPlane()
    const page = await plane.create()
    plane.handshake.onExtend(answer)

    const { status, body } = await extend(plane, page, { extraSeconds: 60 })

    expect([status, body]).toEqual([403, { error }])
    expect((await plane.context(page)).body.expiresIn).toBe(1799)
  })
})
