import { expect, it } from 'vitest'
import { expireLimit } from '../port.js'
import { type Bench, entryOf, foreign, instanceOf, odd, ours, second, sibling, start } from './fixtures.js'

/** Cases of what waits for an instance. */
export function entryCases(bench: Bench): void {
  const append = (...ids: string[]) =>
    bench.commit(...ids.map((id) => bench.store.entries.append(entryOf(id))))
  const waiting = async (key = ours) =>
    (await bench.store.entries.list(key, { after: 0, limit: 2_000 })).map(({ bufferId }) => bufferId)
  const make = () =>
    bench.commit(...[ours, sibling, foreign].map((key) => bench.store.instances.insert(instanceOf(key))))

  it('gives positions without a gap, also to many at once', async () => {
    const { entries, instances } = bench.store
    await make()
    const ids = Array.from({ length: 20 }, (_, n) => `buf_${n}`)
    await Promise.all(ids.map((id) => append(`${id}a`, `${id}b`)))
    await bench.commit(entries.append(entryOf('foreign', foreign)))

    const rows = await entries.list(ours, { after: 0, limit: 100 })
    expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
    expect(await instances.find(ours)).toMatchObject({ appended: 40 })
    expect(await waiting(foreign)).toEqual(['foreign'])
    expect(await waiting(sibling)).toEqual([])
    const nobody = { ...ours, instanceId: 'nobody' }
    expect(await bench.outcome(entries.append(entryOf('x', nobody)))).toBe('refused')
  })

  it('takes nothing for a former stream of the instance', async () => {
    const { entries } = bench.store
    await make()
    const { stream } = instanceOf(ours)
    expect(await bench.outcome(entries.append({ ...entryOf('x'), stream: 'relay-instance:0' }))).toBe(
      'refused',
    )
    expect(await bench.outcome(entries.append({ ...entryOf('y'), stream }))).toBe('committed')
    expect(await waiting()).toEqual(['y'])
  })

  it('keeps what it was given, and pages after a position', async () => {
    const { entries } = bench.store
    await make()
    const draft = entryOf(odd, { kind: 'passthrough', bytes: 7, createdAt: start + 1, expiresAt: start + 2 })
    await bench.commit(entries.append(draft))
    await append('b', 'c')

    const [first, ...rest] = await entries.list(ours, { after: 0, limit: 2 })
    expect(first).toEqual({ ...draft, position: 1, deliveries: 0 })
    expect(rest.map(({ bufferId }) => bufferId)).toEqual(['b'])
    expect(await entries.list(ours, { after: 2, limit: 5 })).toMatchObject([{ bufferId: 'c', position: 3 }])
  })

  it("settles one, and nobody else's", async () => {
    const { entries } = bench.store
    await make()
    await append('a', odd, 'c')
    for (const key of [sibling, foreign]) await bench.commit(entries.settle(key, odd))
    expect(await waiting()).toEqual(['a', odd, 'c'])

    await bench.commit(entries.settle(ours, odd), entries.settle(ours, odd), entries.settle(ours, 'x'))
    expect(await waiting()).toEqual(['a', 'c'])
  })

  it('counts deliveries', async () => {
    const { entries } = bench.store
    await make()
    await append('a', odd, 'c')
    await bench.commit(
      entries.delivered(ours, [odd]),
      entries.delivered(ours, ['a', odd, 'x']),
      entries.delivered(ours, []),
      entries.delivered(foreign, ['c']),
      entries.delivered(foreign, ['a', 'c']),
    )

    const rows = await entries.list(ours, { after: 0, limit: 9 })
    expect(rows.map(({ deliveries }) => deliveries)).toEqual([1, 2, 0])
  })

  it('tells how deep buffers are', async () => {
    const { entries } = bench.store
    await make()
    await append('a', 'b')
    await bench.commit(entries.append(entryOf('f', { ...foreign, bytes: 5, createdAt: start + 9 })))

    expect(await entries.depth(ours)).toEqual({ entries: 2, bytes: 20, oldestAt: start })
    expect(await entries.depth(sibling)).toEqual({ entries: 0, bytes: 0, oldestAt: null })
    const theirs = { ...foreign, entries: 1, bytes: 5, oldestAt: start + 9 }
    expect(await entries.depths({ tenant: foreign.tenant })).toEqual([theirs])
    expect(await entries.depths({})).toEqual([{ ...ours, entries: 2, bytes: 20, oldestAt: start }, theirs])
  })

  it('drops the oldest beyond the number of entries, and counts them', async () => {
    const { entries, instances } = bench.store
    await make()
    await bench.commit(entries.append(entryOf('f', foreign)))
    const limits = { entries: 3, bytes: 1_000 }
    for (const id of ['a', 'b', 'c', 'd', 'e'])
      await bench.commit(entries.append(entryOf(id)), entries.trim(ours, limits))

    expect(await waiting()).toEqual(['c', 'd', 'e'])
    expect(await instances.find(ours)).toMatchObject({ dropped: 2, appended: 5 })
    await append('g', 'h')
    await bench.commit(entries.trim(ours, limits))
    expect(await waiting()).toEqual(['e', 'g', 'h'])
    expect(await instances.find(ours)).toMatchObject({ dropped: 4 })
    expect(await waiting(foreign)).toEqual(['f'])
    expect(await instances.find(foreign)).toMatchObject({ dropped: 0 })
  })

  it('drops the oldest beyond the bytes, and none when there is room between those that wait', async () => {
    const { entries, instances } = bench.store
    await make()
    const limits = { entries: 3, bytes: 30 }
    await append('a', 'b', 'c')
    await bench.commit(entries.trim(ours, limits))
    expect(await waiting()).toEqual(['a', 'b', 'c'])

    await bench.commit(entries.settle(ours, 'b'), entries.settle(ours, 'c'))
    await bench.commit(entries.append(entryOf('d', { bytes: 20 })), entries.trim(ours, limits))
    expect(await waiting()).toEqual(['a', 'd'])
    expect(await instances.find(ours)).toMatchObject({ dropped: 0 })

    await bench.commit(entries.append(entryOf('e', { bytes: 1 })), entries.trim(ours, limits))
    expect(await waiting()).toEqual(['d', 'e'])
    await bench.commit(entries.append(entryOf('f', { bytes: 31 })), entries.trim(ours, limits))
    expect(await waiting()).toEqual([])
    expect(await instances.find(ours)).toMatchObject({ dropped: 4 })
  })

  it('forgets what has expired, with its count', async () => {
    const { entries, instances } = bench.store
    await make()
    await append('young')
    const old = Array.from({ length: expireLimit + 1 }, (_, n) =>
      entries.append(entryOf(`old ${n}`, { expiresAt: start + (n === 5 ? 9 : 1) })),
    )
    await bench.commit(...old, entries.append(entryOf('theirs', { ...foreign, expiresAt: start })))

    expect(await entries.countExpired(start - 1)).toBe(0)
    expect(await entries.countExpired(start)).toBe(1)
    expect(await entries.countExpired(start + 9)).toBe(expireLimit)
    await bench.commit(entries.expire(start + 9))
    // The longest expired first: the last of them stay for the next time.
    expect(await waiting(foreign)).toEqual([])
    expect((await waiting()).length).toBe(3)
    expect(await waiting()).toContain('old 5')
    await bench.commit(entries.expire(start + 9))
    expect(await waiting()).toEqual(['young'])
    expect(await instances.find(ours)).toMatchObject({ dropped: expireLimit + 1 })
    expect(await instances.find(foreign)).toMatchObject({ dropped: 1 })
    await bench.commit(entries.expire(start + 60 * second))
    expect(await waiting()).toEqual([])
  })

  it('tells which streams can be trimmed, until they are', async () => {
    const { entries, instances } = bench.store
    await make()
    await append('a', 'b', 'c')
    expect(await instances.listTrimmable(10)).toEqual([])

    await bench.commit(entries.settle(ours, 'a'), entries.settle(ours, 'c'))
    await bench.commit(entries.append(entryOf('f', foreign)), entries.settle(foreign, 'f'))
    const stream = 'relay-instance:1'
    const found = await instances.listTrimmable(10)
    expect(found.toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1))).toEqual([
      { ...ours, stream, before: 2 },
      { ...foreign, stream, before: 2 },
    ])
    expect((await instances.listTrimmable(1)).length).toBe(1)

    await bench.commit(instances.trimmed(ours, 2), instances.trimmed(foreign, 2), instances.trimmed(ours, 1))
    expect(await instances.listTrimmable(10)).toEqual([])
    await bench.commit(entries.settle(ours, 'b'))
    expect(await instances.listTrimmable(10)).toEqual([{ ...ours, stream, before: 4 }])
  })
}
