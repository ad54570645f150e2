import { expect, test } from 'vitest'
import { formOf, openPlane, type Page, type Plane } from '../plane.test.support.js'

const writes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => ({ type: 'set', key: 'name', value: `v${from + n}` }))

async function withChanges(count: number, options = {}): Promise<{ plane: Plane; page: Page }> {
  const plane = await openPlane(options)
  const page = await plane.create(formOf('name'))
  await plane.act(page, writes(1, count), { stream: false })
  return { plane, page }
}

const diff = ({ call }: Plane, page: Page, query = '') =>
  call('GET', `${page.diffUrl}${query}`, { token: page.token })

// proves: handshake.h14
test('of 205 changes the newest 200 are kept, and 50 are answered when nobody says since when', async () => {
  const { plane, page } = await withChanges(205)

  const newest = await diff(plane, page)
  const kept = await diff(plane, page, '?since=2020-01-01T00:00:00Z')

  expect(newest.body.changes.map((change: { seq: number }) => change.seq)).toEqual(
    Array.from({ length: 50 }, (_, n) => 156 + n),
  )
  expect(newest.body.truncated).toBe(true)
  expect(kept.body.changes).toHaveLength(200)
  expect(kept.body.changes[0]).toMatchObject({ key: 'name', from: 'v5', to: 'v6', by: 'ai', seq: 6 })
  expect(kept.body.truncated).toBe(true)
})

// proves: handshake.h14
test('the same holds after the handshake was read from the database', async () => {
  const { plane, page } = await withChanges(205)
  const before = await diff(plane, page, '?sinceSeq=0')
  await plane.handshake.stop()
  const again = await openPlane({ ground: plane.ground, clock: plane.clock })

  const after = await diff(again, page, '?sinceSeq=0')

  expect(after.body).toEqual(before.body)
  expect(after.body.changes).toHaveLength(200)
})

test('nothing was dropped as long as the first change is still there', async () => {
  const { plane, page } = await withChanges(200)

  expect((await diff(plane, page, '?since=2020-01-01T00:00:00Z')).body).toMatchObject({ truncated: false })
  expect((await diff(plane, page, '?sinceSeq=0')).body).toMatchObject({ truncated: false })
  expect((await diff(plane, page, '?sinceSeq=150')).body.changes).toHaveLength(50)
})

test('asking on from nextSince shows each change once', async () => {
  const { plane, page } = await withChanges(3)
  const first = await diff(plane, page)
  const idle = await diff(plane, page, `?since=${first.body.nextSince}`)

  await plane.act(page, writes(4, 5), { stream: false })
  const second = await diff(plane, page, `?since=${idle.body.nextSince}`)

  expect(first.body.changes.map((change: { to: string }) => change.to)).toEqual(['v1', 'v2', 'v3'])
  expect(idle.body).toMatchObject({ changes: [], nextSince: first.body.nextSince, truncated: false })
  expect(second.body.changes.map((change: { to: string }) => change.to)).toEqual(['v4', 'v5'])
})

test('a dropped history is said to be cut only to those whom it concerns', async () => {
  const { plane, page } = await withChanges(30, { limits: { changes: 10, recentChanges: 20 } })
  const { changes } = (await diff(plane, page)).body

  expect(changes.map((change: { seq: number }) => change.seq)).toEqual([
    21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
  ])
  expect((await diff(plane, page)).body.truncated).toBe(true)
  expect((await diff(plane, page, '?sinceSeq=19')).body.truncated).toBe(true)
  expect((await diff(plane, page, '?sinceSeq=20')).body.truncated).toBe(false)
  expect((await diff(plane, page, `?since=${changes[0].at}`)).body).toMatchObject({ truncated: false })
})

test('times grow strictly within a handshake though the clock stands still, and are those of the context', async () => {
  const { plane, page } = await withChanges(20)

  const times: string[] = (await diff(plane, page)).body.changes.map((change: { at: string }) => change.at)

  expect(times).toEqual([...new Set(times)].sort())
  expect((await plane.context(page)).body.context.name.at).toBe(times.at(-1))
})
