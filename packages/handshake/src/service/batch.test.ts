import { eventually } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { eventsOf, formOf, type Json, openPlane, whileTimePasses } from '../plane.test.support.js'

const keys = (count: number, prefix = 'k') => Array.from({ length: count }, (_, n) => `${prefix}${n}`)
const valuesOf = (names: readonly string[]): Json => Object.fromEntries(names.map((name) => [name, 'x']))

describe('a batch that streams', () => {
  // proves: handshake.h08
  test('does not overwrite a field that the user edits meanwhile', async () => {
    const plane = await openPlane()
    const page = await plane.create(formOf('a', 'b', 'c'))
    const batch = plane.set(page, { a: '1', b: '2', c: '3' })
    await eventually(async () => (await eventsOf(plane, page)).includes('field.set a'))

    await plane.edit(page, 'c', 'mine')
    const { body } = await whileTimePasses(plane.clock, batch)

    expect(body).toMatchObject({ applied: ['a', 'b'], rejected: ['c'] })
    expect(body.context.c).toMatchObject({ value: 'mine', by: 'user' })
  })

  test('waits after each pushed action and after none that is refused', async () => {
    const plane = await openPlane()
    const page = await plane.create({ ...formOf('a', 'b'), context: { locked: 'mine' } })
    const begun = plane.clock.now()

    const actions = [{ type: 'set', key: 'locked', value: 1 }, {}, { type: 'set', key: 'a', value: 'x' }, 7]
    await whileTimePasses(plane.clock, plane.act(page, actions, { intervalMs: 500 }))

    expect(plane.clock.now() - begun).toBeGreaterThanOrEqual(500)
    expect(plane.clock.now() - begun).toBeLessThan(700)
  })

  // proves: handshake.h34.bound
  test('of 60 actions at 300 ms ends within 12 s, in order', async () => {
    const plane = await openPlane()
    const page = await plane.create(formOf(...keys(60)))
    const begun = plane.clock.now()

    const { body } = await whileTimePasses(
      plane.clock,
      plane.set(page, valuesOf(keys(60)), { intervalMs: 300 }),
    )

    expect(plane.clock.now() - begun).toBeGreaterThan(11_000)
    expect(plane.clock.now() - begun).toBeLessThan(12_500)
    expect(body.applied).toEqual(keys(60))
    expect(await eventsOf(plane, page)).toEqual([
      'handshake.created',
      ...keys(60).map((key) => `field.set ${key}`),
      'batch.done',
    ])
  })

  test('runs to its end without further pauses when the plane stops', async () => {
    const plane = await openPlane()
    const page = await plane.create(formOf(...keys(20)))
    const first = plane.set(page, valuesOf(keys(10)))
    const second = plane.set(page, valuesOf(keys(20)))
    await eventually(async () => (await eventsOf(plane, page)).length > 1)

    await plane.handshake.stop()

    expect((await first).body.applied).toHaveLength(10)
    expect((await second).body.applied).toHaveLength(20)
  })

  test('is cut short with 404 when the handshake is revoked, and writes no more', async () => {
    const plane = await openPlane()
    const page = await plane.create(formOf('a', 'b'))
    const batch = plane.set(page, { a: '1', b: '2' })
    await eventually(async () => (await eventsOf(plane, page)).includes('field.set a'))

    await plane.call('DELETE', `/handshake/session/${page.id}`, { token: page.token })
    const { status } = await whileTimePasses(plane.clock, batch)

    expect(status).toBe(404)
    expect(await eventsOf(plane, page)).toEqual(['handshake.created', 'field.set a', 'handshake.revoked'])
  })
})

// proves: handshake.h35
test('batches of one handshake run one after the other, in the order of their arrival', async () => {
  const plane = await openPlane()
  const page = await plane.create()
  const other = await plane.create()
  const slow = await plane.create(formOf('s'))

  const answers = await Promise.all(
    keys(5, 'batch').map((name) => plane.set(page, valuesOf(keys(3, `${name}-`)), { intervalMs: 50 })),
  )
  const waiting = plane.set(slow, { s: 'x' })
  expect((await plane.set(other, { free: 1 })).status).toBe(200)
  await whileTimePasses(plane.clock, waiting)

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(await eventsOf(plane, page)).toEqual([
    'handshake.created',
    ...keys(5, 'batch').flatMap((name) => [
      ...keys(3, `${name}-`).map((key) => `field.set ${key}`),
      'batch.done',
    ]),
  ])
})

// proves: handshake.h35
test('a paced batch holds up the next one of the same form', async () => {
  const plane = await openPlane()
  const page = await plane.create(formOf(...keys(6)))

  const first = plane.set(page, valuesOf(keys(3)))
  const second = plane.set(page, valuesOf(keys(6)))
  await whileTimePasses(plane.clock, Promise.all([first, second]))

  expect(await eventsOf(plane, page)).toEqual([
    'handshake.created',
    ...keys(3).map((key) => `field.set ${key}`),
    'batch.done',
    ...keys(6).map((key) => `field.set ${key}`),
    'batch.done',
  ])
})

test('more batches than may wait are told to come back', async () => {
  const plane = await openPlane({ rateLimitPerMinute: 1000 })
  const page = await plane.create(formOf('a'))

  const answers = Promise.all(
    Array.from({ length: 120 }, () => plane.set(page, { a: 'x' }, { intervalMs: 100 })),
  )
  const statuses = (await whileTimePasses(plane.clock, answers, 50)).map(({ status }) => status)

  expect(statuses.filter((status) => status === 200)).toHaveLength(100)
  expect(statuses.filter((status) => status === 429)).toHaveLength(20)
})

test('the largest batch on the fullest form is no burden', async () => {
  const plane = await openPlane()
  const full = keys(900)
  const page = await plane.create(formOf(...full.slice(0, 500)))
  await plane.set(page, valuesOf(full.slice(0, 500)), { stream: false })
  await plane.set(page, valuesOf(full.slice(400)), { stream: false })

  const { body } = await plane.set(page, valuesOf(full.slice(200, 700)), { stream: false })

  expect(body.applied).toHaveLength(500)
  expect(Object.keys(body.context)).toHaveLength(900)
})

test('a write that the user overtook before it was stored counts as rejected, in its place', async () => {
  const plane = await openPlane()
  const page = await plane.create({ ...formOf('a', 'b'), context: { a: '', b: '', c: 'mine' } })
  plane.handshake.onAction(async (_session, action) => {
    if (action.key === 'b') await plane.edit(page, 'a', 'faster')
  })

  const { body } = await plane.set(page, { a: '1', b: '2', c: '3' }, { stream: false })

  expect(body).toMatchObject({ applied: ['b'], rejected: ['a', 'c'], context: { a: { value: 'faster' } } })
  const [done] = await plane.ground.log.last(`handshake:${page.id}`, { limit: 1 })
  expect(JSON.parse(done!.body)).toMatchObject({ applied: 1, rejected: ['a', 'c'], values: { b: '2' } })
})
